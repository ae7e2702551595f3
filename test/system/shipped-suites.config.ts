/**
 * Configures a run of the end-to-end, conformance, contract and fuzz tests in which the server and its vendors are the
 * installed package's: where a test or its support imports those from `src`, this gives it `shipped-server.ts`.
 */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const shipped = fileURLToPath(new URL("shipped-server.ts", import.meta.url));

export default defineConfig({
  plugins: [
    {
      name: "shipped-server",
      enforce: "pre",
      resolveId: (source, importer) =>
        /^(?:\.\.\/)+src\/(?:app|start|vendors\/index)\.ts$/.test(source) && importer !== shipped ? shipped : undefined,
    },
  ],
  test: {
    include: [
      "test/e2e/**/*.test.ts",
      "test/vendors/conformance.test.ts",
      "test/contract/*-clients.test.ts",
      "test/contract/sync-sdk*.test.ts",
      "test/contract/sync-tool-server.test.ts",
      "test/fuzz/*.test.ts",
    ],
    maxWorkers: 2,
    testTimeout: 40_000,
    hookTimeout: 40_000,
    restoreMocks: true,
    isolate: false,
  },
});
