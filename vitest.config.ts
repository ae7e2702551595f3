import { defineConfig } from "vitest/config";

/** Tests that measure their process's heap or real time, which other tests of the same worker would disturb. */
const apart = ["test/e2e/**/*.test.ts", "test/fuzz/**/*.test.ts", "test/load/**/*.test.ts"];

/**
 * Sources that run in child processes, whose coverage is not measured: writing it would take longer than the second in
 * which a server must end.
 */
const processes = [
  "src/cli.ts",
  "src/cli/**",
  // The command `conform` runs them; test/cli/conform starts it.
  "src/conformance/{suite,steps}.ts",
  "src/intercept/**",
  "src/port-holder.ts",
  "src/client/vitest.ts",
];

export default defineConfig({
  test: {
    // One more than the two cores of the CI machine, because one worker always waits for a server or for real time.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    coverage: {
      include: ["src/**/*.ts"],
      exclude: processes,
      reporter: ["text-summary"],
      // A little below the measured values. A lower value means that a change has too few tests.
      thresholds: {
        statements: 95,
        branches: 88,
        functions: 96,
        lines: 97,
        "src/engine/**": { statements: 97, branches: 93, functions: 97, lines: 98 },
      },
    },
    projects: [
      // The names make these start first, because the longest of them waits for most of a minute.
      { extends: true, test: { name: "apart", include: apart } },
      // Modules keep no state (test/module-state.test.ts), so a worker loads the sources once for all its files.
      { extends: true, test: { name: "rest", include: ["test/**/*.test.ts"], exclude: apart, isolate: false } },
    ],
  },
});
