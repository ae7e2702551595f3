/**
 * Configures the tests that need more than Node.js: python3, curl and awk, a browser, a container. If a program is
 * missing, the test fails and names it. The tests of the package run here too, because this run packs it anyway.
 */
import { defineConfig } from "vitest/config";

/** Tests that measure frames, or how clients behave in real time. They run after the others and one by one, because others would slow them. */
const timed = ["test/system/board-scale.system.ts", "test/system/conformance.system.ts"];

export default defineConfig({
  test: {
    globalSetup: "test/package/pack-once.ts",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A browser on a busy machine takes longer than the default of a second.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: "timed", include: timed, maxWorkers: 1, sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: {
          name: "system",
          include: ["test/system/**/*.system.ts", "test/package/*.package.ts"],
          exclude: timed,
        },
      },
    ],
  },
});
