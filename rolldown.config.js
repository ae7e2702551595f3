/**
 * Builds what the package and the image run: one bundle with an entry for each export of the package, and its types.
 * Node.js takes twice as long to load hundreds of modules, and bundled packages need not be installed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import license from "rollup-plugin-license";
import swaggerUiFolder from "swagger-ui-dist/absolute-path.js";

// With "./", because the plugin for types treats a bare name as a package, and then names its file after the source.
const exported = {
  index: "./src/index.ts",
  vitest: "./src/client/vitest.ts",
  conformance: "./src/conformance/index.ts",
  intercept: "./src/intercept/preload.ts",
};

/** @type {import("rolldown").Plugin} Adds the files of the reference page, and their licences. */
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

/** @type {import("rolldown").Plugin} Adds the files of the board that need no bundling. */
const boardFiles = {
  name: "board-files",
  buildStart() {
    for (const file of ["board.css", "icon.svg"])
      this.emitFile({
        type: "asset",
        fileName: file,
        source: readFileSync(join(import.meta.dirname, "src/board", file)),
      });
  },
};
const REAL_TIMERS = [
  ...["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate"],
  ...["queueMicrotask", "process.nextTick"],
];

/** What every bundled module takes from `real-timers.ts`, so that a test that fakes timers fakes its own. */
const realTimers = Object.fromEntries(
  REAL_TIMERS.map((name) => [
    name,
    [join(import.meta.dirname, "src/platform/real-timers.ts"), name.replace("process.", "")],
  ]),
);

const logging = { logLevel: "warn", checks: { pluginTimings: false } };

export default defineConfig([
  {
    ...logging,
    input: { cli: "./src/cli.ts", ...exported },
    platform: "node",
    // The driver loads its binaries from its own folder. The user installs the test runner.
    external: ["better-sqlite3", "vitest"],
    transform: { inject: realTimers },
    plugins: [swaggerUi, license({ thirdParty: { output: "dist/THIRD-PARTY-LICENSES.txt" } })],
    output: {
      dir: "dist",
      cleanDir: true,
      minify: { compress: true, mangle: true, codegen: { removeWhitespace: false } },
    },
  },
  {
    ...logging,
    // The engine of user patterns, which the server loads with `require` when it is first needed.
    input: { re2js: "re2js" },
    platform: "node",
    plugins: [license({ thirdParty: { output: "dist/re2js.cjs.LICENSE.txt" } })],
    output: {
      dir: "dist",
      format: "cjs",
      entryFileNames: "[name].cjs",
      minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } },
    },
  },
  {
    ...logging,
    input: exported,
    platform: "node",
    external: /^[^./]/,
    // Keeps the server's additions to Fastify's types out of the package's types.
    treeshake: { moduleSideEffects: false },
    plugins: [dts({ emitDtsOnly: true, tsconfig: "src/tsconfig.json" })],
    output: { dir: "dist" },
  },
  {
    ...logging,
    input: { board: "./src/board/main.tsx" },
    platform: "browser",
    tsconfig: "src/board/tsconfig.json",
    plugins: [boardFiles, license({ thirdParty: { output: "dist/board/THIRD-PARTY-LICENSES.txt" } })],
    output: { dir: "dist/board", entryFileNames: "[name].js", minify: true },
  },
]);
