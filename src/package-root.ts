/** Where this package is: the folder of its package.json, which also holds `fixtures/` and, once built, `dist/`. */
import { fileURLToPath } from "node:url";

/** Ends with a slash. Sources and built files both lie one folder below it. */
export const packageRoot = fileURLToPath(new URL("../", import.meta.url));
