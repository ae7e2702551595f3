import { defineConfig } from "vitest/config";

/** What `npm run test:package` runs: slow, because it packs, installs and compiles. */
export default defineConfig({
  test: {
    include: ["*.package.ts"],
    dir: import.meta.dirname,
    globalSetup: "test/package/pack-once.ts",
    testTimeout: 60_000,
  },
});
