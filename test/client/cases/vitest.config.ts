import { defineConfig } from "vitest/config";

/** Configures the test files of an imagined user, which `vitest.test.ts` runs. */
export default defineConfig({ test: { include: ["*.case.ts"], dir: import.meta.dirname, testTimeout: 60_000 } });
