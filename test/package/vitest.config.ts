/** Configures the tests of `npm run test:package`, which are slow because they pack, install and compile. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["*.package.ts"],
    dir: import.meta.dirname,
    globalSetup: "test/package/pack-once.ts",
    testTimeout: 60_000,
  },
});
