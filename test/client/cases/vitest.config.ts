import { defineConfig } from "vitest/config";

/** Test files of an imagined user; `vitest.test.ts` runs them and looks at what came of it. */
export default defineConfig({ test: { include: ["*.case.ts"], dir: import.meta.dirname, testTimeout: 60_000 } });
