import { defineConfig } from "vitest/config";

/**
 * Tests that need more than Node.js: python3, curl and awk, a browser, a container. They name what is missing and fail.
 * Those of the package are among them, because the package is packed here already.
 */
export default defineConfig({
  test: {
    include: ["test/system/**/*.system.ts", "test/package/*.package.ts"],
    globalSetup: "test/package/pack-once.ts",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
