import { defineConfig } from "vitest/config";

/** Tests that measure their process's heap or real time; the others of a worker would be in the way. */
const apart = ["test/e2e/**/*.test.ts", "test/fuzz/**/*.test.ts", "test/load/**/*.test.ts"];

/**
 * Sources that run in processes of their own, which are not measured: writing down what they covered would take longer
 * than the second in which a server must end.
 */
const processes = ["src/cli.ts", "src/cli/**", "src/intercept/**", "src/port-holder.ts", "src/client/vitest.ts"];

export default defineConfig({
  test: {
    // One more than the cores that the suite is meant for: somebody always waits, for a server or for real time.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    coverage: {
      include: ["src/**/*.ts"],
      exclude: processes,
      reporter: ["text-summary"],
      // A little below what is measured. More is welcome; less is a change that its tests do not reach.
      thresholds: {
        statements: 95,
        branches: 88,
        functions: 96,
        lines: 97,
        "src/engine/**": { statements: 97, branches: 93, functions: 97, lines: 98 },
      },
    },
    projects: [
      // By their names these begin first; the longest of them sleeps for most of its minute.
      { extends: true, test: { name: "apart", include: apart } },
      // No module keeps state (test/architecture.test.ts), so a worker loads the sources once for all its files.
      { extends: true, test: { name: "rest", include: ["test/**/*.test.ts"], exclude: apart, isolate: false } },
    ],
  },
});
