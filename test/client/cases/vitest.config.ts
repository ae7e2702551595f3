/** Configures the test files of an imagined user, which `vitest.test.ts` runs. */
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["*.case.ts"], dir: import.meta.dirname, testTimeout: 60_000 } });
