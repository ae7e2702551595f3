/**
 * What the package and the image run: one bundle with an entry for each of the package's exports, and its types.
 * Node.js takes twice as long to find and link hundreds of modules, and what is bundled need not be installed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import license from "rollup-plugin-license";
import swaggerUiFolder from "swagger-ui-dist/absolute-path.js";

// With "./": the types' plugin takes a bare name for a package, and then calls its file what the source is called.
const exported = { index: "./src/index.ts", vitest: "./src/client/vitest.ts", intercept: "./src/intercept/preload.ts" };

/** @type {import("rolldown").Plugin} Files that the reference page asks for, and what their licence asks for. */
const swaggerUi = {
  name: "swagger-ui",
  buildStart() {
    for (const file of [
      "swagger-ui.css",
      "swagger-ui-bundle.js",
      "favicon-32x32.png",
      "LICENSE",
      "NOTICE",
      "swagger-ui-bundle.js.LICENSE.txt",
    ]) {
      const source = readFileSync(join(swaggerUiFolder(), file));
      this.emitFile({ type: "asset", fileName: `swagger-ui/${file}`, source });
    }
  },
};

const logging = { logLevel: "warn", checks: { pluginTimings: false } };

export default defineConfig([
  {
    ...logging,
    input: { cli: "./src/cli.ts", ...exported },
    platform: "node",
    // The driver looks for its binaries beside itself; the test runner is the user's own.
    external: ["better-sqlite3", "vitest"],
    plugins: [swaggerUi, license({ thirdParty: { output: "dist/THIRD-PARTY-LICENSES.txt" } })],
    output: {
      dir: "dist",
      cleanDir: true,
      minify: { compress: true, mangle: true, codegen: { removeWhitespace: false } },
    },
  },
  {
    ...logging,
    input: exported,
    platform: "node",
    external: /^[^./]/,
    // Keeps what the server adds to Fastify's types out of what a test's author sees.
    treeshake: { moduleSideEffects: false },
    plugins: [dts({ emitDtsOnly: true, tsconfig: "src/tsconfig.json" })],
    output: { dir: "dist" },
  },
]);
