/** Where this package is: the folder of its package.json, which also holds `fixtures/` and, once built, `dist/`. */
import { findPackageJSON } from "node:module";
import { dirname, sep } from "node:path";

/** Ends with a separator. It is looked for, because built files lie less deep than their sources. */
export const packageRoot = `${dirname(findPackageJSON(".", import.meta.url) ?? import.meta.filename)}${sep}`;
