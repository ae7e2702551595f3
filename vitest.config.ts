import { defineConfig } from "vitest/config";

/** Tests that measure their process's heap or real time; the others of a worker would be in the way. */
const apart = ["test/e2e/**/*.test.ts", "test/fuzz/**/*.test.ts", "test/load/**/*.test.ts"];

export default defineConfig({
  test: {
    // One more than the cores that the suite is meant for: somebody always waits, for a server or for real time.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    projects: [
      // By their names these begin first; the longest of them sleeps for most of its minute.
      { extends: true, test: { name: "apart", include: apart } },
      // No module keeps state (test/architecture.test.ts), so a worker loads the sources once for all its files.
      { extends: true, test: { name: "rest", include: ["test/**/*.test.ts"], exclude: apart, isolate: false } },
    ],
  },
});
