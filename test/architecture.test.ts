/** Tests the invariants of the code's structure. The linter enforces those that it can see (ambient time, SQL). */
import { dirname, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { vendors } from "../src/vendors/index.ts";
import { findCycles } from "./support/cycles.ts";
import { importsOf, loadedBy, readSources, type Import, type SourceFile } from "./support/source-files.ts";

/** The layers from top to bottom. Each imports only layers below it. */
const LAYERS: readonly (readonly string[])[] = [
  // The exports of the package, and the module that Node.js preloads before an application.
  ["index", "intercept"],
  // The page in the browser; no other layer loads it.
  ["board"],
  ["cli"],
  // Judges clients; only its command and its users load it.
  ["conformance"],
  ["client"],
  ["start"],
  // Modules about the machine for start.ts: certificates, and the process that holds a port.
  ["tls", "port-holder"],
  ["app"],
  ["control"],
  ["vendors"],
  ["media"],
  ["http"],
  ["fixtures"],
  ["delivery"],
  ["config"],
  ["engine"],
  ["store"],
];

/** Layers that import no other layer, so that every layer may import them. */
const OPEN_TO_ALL = ["wording", "platform"];

/** The folders of a layer in the same order, with the layer's own files that are above or below all folders. */
const FOLDERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "src/control": [
    ["routes.ts"],
    ["board"],
    ["reference"],
    ["fixtures"],
    ["sandboxes"],
    ["requests"],
    ["conduct", "coverage"],
    ["generations"],
    ["webhooks"],
    ["clock"],
    ["rules"],
    ["access.ts", "instants.ts", "listing.ts", "memory.ts", "names.ts", "scope.ts", "waiting.ts"],
  ],
  "src/engine": [["delivery"], ["sandbox"], ["generation"], ["scenario"], ["rule"], ["model"], ["base"]],
  "src/http": [["request"], ["server"], ["bodies"], ["uploads"], ["parsing"], ["errors"], ["journal"]],
  "src/media": [["serve"], ["encode"]],
  "src/vendors/sync": [
    ["reference", "feedback"],
    ["batches"],
    ["costs"],
    ["projects"],
    ["generations"],
    ["speech"],
    ["voices"],
    ["dialogue"],
    ["transcriptions"],
    ["assets"],
    ["organization"],
  ],
};

/** The most files in a folder. In a larger folder, a file is hard to find. */
const MOST_FILES = 25;

const sources = readSources();
const imports = sources.flatMap(importsOf);

/** Returns a file's layer: `media` for `src/media/serve/send.ts`, `app` for `src/app.ts`. */
const layerOf = (file: string): string => /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(file)?.[1] ?? file;

const rankOf = (file: string): number => LAYERS.findIndex((row) => row.includes(layerOf(file)));

/** Returns whether an import leads to a lower layer, or stays in its layer. */
function runsDown({ from, to }: Import): boolean {
  if (layerOf(from) === layerOf(to)) return true;
  if (OPEN_TO_ALL.includes(layerOf(from))) return false;
  return OPEN_TO_ALL.includes(layerOf(to)) || rankOf(from) < rankOf(to);
}

/** Returns the folder of `layer` that contains a file, or the file itself if it is in no folder. */
const partOf = (layer: string, file: string): string | undefined =>
  file.startsWith(`${layer}/`) ? file.slice(layer.length + 1).split("/")[0] : undefined;

const vendorOf = (file: string): string | undefined => /^src\/vendors\/([a-z]+)\//.exec(file)?.[1];

const arrow = ({ from, to }: Import): string => `${from} -> ${to}`;

interface Rule {
  readonly because: string;
  readonly breaks: (edge: Import) => boolean;
}

/** Rules that are stricter than the order of the layers. */
const rules: Readonly<Record<string, Rule>> = {
  "the engine imports only the store and wording": {
    because: "it can then be tested without HTTP, vendors and the platform",
    // The real timers are those of the language, held against tests that fake them; the budget only counts bytes.
    breaks: ({ from, to }) =>
      layerOf(from) === "engine" &&
      !["src/platform/real-timers.ts", "src/platform/memory-budget.ts"].includes(to) &&
      !["engine", "store", "wording"].includes(layerOf(to)),
  },
  "http imports no delivery": {
    because: "code that answers requests must not depend on webhooks",
    breaks: ({ from, to }) => layerOf(from) === "http" && layerOf(to) === "delivery",
  },
  "no vendor imports another": {
    because: "a vendor that depends on another cannot be read, changed or removed alone",
    breaks: ({ from, to }) => {
      const [importer, imported] = [vendorOf(from), vendorOf(to)];
      return importer !== undefined && imported !== undefined && importer !== imported;
    },
  },
  "the board imports only the client": {
    because: "it runs in a browser and sees only what the control API shows",
    breaks: ({ from, to }) => layerOf(from) === "board" && !["board", "client"].includes(layerOf(to)),
  },
  "control imports no vendor's folder": {
    because: "it gets the list of vendors, so that a fifth vendor needs no change in it",
    breaks: ({ from, to }) => layerOf(from) === "control" && vendorOf(to) !== undefined,
  },
};

describe("imports", () => {
  it("of the source files are found", () => {
    expect(imports.length).toBeGreaterThan(1000);
  });

  it("are in files that belong to a layer", () => {
    const homeless = sources
      .map(({ file }) => file)
      .filter((file) => rankOf(file) === -1 && !OPEN_TO_ALL.includes(layerOf(file)));
    expect(homeless).toEqual([]);
  });

  it("lead to lower layers, so that a layer can be read, tested and changed without those above", () => {
    expect(imports.filter((edge) => !runsDown(edge)).map(arrow)).toEqual([]);
  });

  it.each(Object.entries(FOLDERS))("lead one way between the folders of %s", (layer, rows) => {
    const rankIn = (file: string): number => rows.findIndex((row) => row.includes(partOf(layer, file) ?? ""));
    const isPlaced = (file: string): boolean => rankIn(file) !== -1;
    const backwards = imports.filter(({ from, to }) => isPlaced(from) && isPlaced(to) && rankIn(from) > rankIn(to));
    expect(backwards.map(arrow)).toEqual([]);
    const folders = new Set(
      sources.flatMap(({ file }) => partOf(layer, file) ?? []).filter((part) => !part.endsWith(".ts")),
    );
    expect([...folders].filter((folder) => !rows.flat().includes(folder))).toEqual([]);
  });

  it("never form a cycle, not even for a type, because such files can only be read together", () => {
    expect(findCycles(imports)).toEqual([]);
  });

  it.each(Object.entries(rules).map(([name, rule]) => ({ name, ...rule })))("$name, because $because", ({ breaks }) => {
    expect(imports.filter(breaks).map(arrow)).toEqual([]);
  });
});

describe("the library", () => {
  it("does not load the server when it is imported, so that test workers start fast", () => {
    const loads = new Map(sources.map((source) => [source.file, loadedBy(source)]));
    const reached = new Set(["src/index.ts"]);
    // Iteration over a set includes the items that are added meanwhile.
    for (const file of reached) for (const loaded of loads.get(file) ?? []) reached.add(loaded);
    const isOfTheLibrary = (file: string): boolean =>
      /^src\/(?:index\.ts|client\/|platform\/|engine\/base\/(?:clock|durations|turn-queue)\.ts)/.test(file) ||
      file.startsWith("node:");
    const others = [...reached].filter((file) => !isOfTheLibrary(file));
    expect(others).toEqual(["eventsource-parser/stream"]);
  });
});

describe("folders", () => {
  it("have few enough files that a file is easy to find", () => {
    const files = Map.groupBy(sources, ({ file }) => dirname(file));
    const drawers = [...files].filter(([, { length }]) => length > MOST_FILES).map(([folder]) => folder);
    expect(drawers).toEqual([]);
  });
});

describe("modules", () => {
  it("use the global process only in entry files, because a library must not change it", () => {
    const touching = sources
      .filter(({ file }) => !/^src\/(?:cli\b|app\.ts|intercept|client\/(?:vitest|start-fauxgen))/.test(file))
      .filter(({ text }) => /\bprocess\.(?:env|argv|exit|on|stdout)\b/.test(text))
      .map(({ file }) => file);
    expect(touching).toEqual([]);
  });

  it("use a vendor's terms only in that vendor's folder, so that a new vendor is not a special case", () => {
    const names = vendors.map(({ name }) => name).join("|");
    const word = new RegExp(`\\b(?:${names}|rendernet|generation_id|result_url|outputUrl|credits_used)\\b`, "i");
    const leaks = sources
      .filter(({ file }) => /^src\/(?:engine|store|http|delivery|media)\//.test(file))
      .flatMap(({ file, text }) =>
        text
          .split("\n")
          // A comment may name a vendor's term as a source or an example; code may not.
          .filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line) && word.test(line))
          .map((line) => `${relative(".", file)}: ${line.trim()}`),
      );
    expect(leaks.filter((leak) => !leak.startsWith("src/http/journal/diagnostics.ts"))).toEqual([]);
  });
});

/** The test files of the folders below that use real vendors, each with its reason. */
const NEED_REAL_VENDORS: Readonly<Record<string, string>> = {
  "test/control/coverage/provocation-line.test.ts": "it writes the line of every outcome of every vendor",
  "test/control/fixtures/catalogues.test.ts":
    "shipped catalogues are files of the package, and only real vendors have any",
  "test/control/fixtures/schemas.test.ts": "it validates the shipped fixtures of all vendors",
  "test/control/reference/groups.test.ts": "its examples name real vendors",
  "test/control/reference/routes.test.ts": "it serves the API document of each vendor",
  "test/control/requests/hints.test.ts": "a request may go to another vendor, and to a path that only a real one has",
  "test/control/sandboxes/catalogue.test.ts":
    "shipped catalogues are files of the package, and only real vendors have any",
  "test/delivery/kill.test.ts": "it runs the command, which has only real vendors",
  "test/delivery/secure-receivers.test.ts": "it runs the command, which has only real vendors",
  "test/http/request/every-vendor.test.ts": "it repeats the same tests for each vendor",
  "test/http/server/every-vendor.test.ts": "it repeats the same tests for each vendor",
};

describe("tests of rules that are not a vendor's", () => {
  const tests = ["control", "delivery", "engine", "http"].flatMap((layer) => readSources(`test/${layer}`));
  const realVendor = new RegExp(
    `^src/vendors/(?:index|${vendors.map(({ name }) => name).join("|")})\\b|^test/support/(?:${vendors.map(({ name }) => name).join("|")}|webhooks|verify-webhook|generated-files)\\.ts$`,
  );
  const usesRealVendors = (source: SourceFile): boolean =>
    importsOf(source).some(({ to }) => realVendor.test(to)) ||
    // Without a list of vendors, these use the real ones.
    /\b(?:buildTestApp|buildTestWorld|listenForTest|runCommand)\(/.test(source.text);

  it("use made-up vendors, because such a rule must hold for every vendor", () => {
    const real = tests.filter(usesRealVendors).map(({ file }) => file);
    expect(real.sort()).toEqual(Object.keys(NEED_REAL_VENDORS).sort());
  });
});
