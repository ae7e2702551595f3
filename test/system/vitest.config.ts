/**
 * Configures the tests that need more than Node.js: python3, curl and awk, a browser, a container. If a program is
 * missing, the test fails and names it. The tests of the package run here too, because this run packs it anyway.
 */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/system/**/*.system.ts", "test/package/*.package.ts"],
    globalSetup: "test/package/pack-once.ts",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A browser on a busy machine takes longer than the default of a second.
    expect: { poll: { timeout: 10_000 } },
  },
});
