/** Configures a run of the tests of the library in which `src/index.ts` is the installed package. */
import { defineConfig } from "vitest/config";

const installed = process.env["SHIPPED_LIBRARY"];
if (installed === undefined) throw new Error("SHIPPED_LIBRARY is the path of the installed package's index.js.");

export default defineConfig({
  resolve: { alias: [{ find: /^\.\.\/\.\.\/src\/index\.ts$/, replacement: installed }] },
  test: { include: ["test/client/library.test.ts"], testTimeout: 20_000 },
});
