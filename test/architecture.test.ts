/** Invariants of the code's shape, each with its reason. What the linter can see (ambient time, SQL) it enforces itself. */
import { dirname, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { vendors } from "../src/vendors/index.ts";
import { findCycles } from "./support/cycles.ts";
import { importsOf, loadedBy, readSources, type Import } from "./support/source-files.ts";

/** From the top to the bottom: each imports those below it, and none beside it or above. */
const LAYERS: readonly (readonly string[])[] = [
  // What the package exports, and what node loads before an application.
  ["index", "intercept"],
  ["cli"],
  ["client"],
  ["start"],
  // What start.ts needs of the machine: certificates, and who has the port.
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

/** Import nothing of ours, so that every layer may import them. */
const OPEN_TO_ALL = ["wording", "platform"];

/** The folders of a layer in the same order, and those of its own files that stand above or below all of them. */
const FOLDERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "src/control": [
    ["routes.ts"],
    ["reference"],
    ["fixtures"],
    ["sandboxes"],
    ["requests"],
    ["generations"],
    ["webhooks"],
    ["clock"],
    ["rules"],
    ["access.ts", "instants.ts", "listing.ts", "names.ts", "scope.ts", "waiting.ts"],
  ],
  "src/engine": [["sandbox"], ["generation"], ["scenario"], ["rule"], ["model"], ["base"]],
  "src/http": [["request"], ["server"], ["uploads"], ["parsing"], ["errors"], ["journal"]],
  "src/media": [["serve"], ["encode"]],
  "src/vendors/sync": [
    ["reference"],
    ["organization"],
    ["batches"],
    ["costs"],
    ["projects"],
    ["generations"],
    ["speech"],
    ["voices"],
    ["assets"],
  ],
};

/** More files than this in one folder are a drawer, in which nothing is found by its place. */
const MOST_FILES = 25;

const sources = readSources();
const imports = sources.flatMap(importsOf);

/** `media` for `src/media/serve/send.ts`, `app` for `src/app.ts`. */
const layerOf = (file: string): string => /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(file)?.[1] ?? file;

const rankOf = (file: string): number => LAYERS.findIndex((row) => row.includes(layerOf(file)));

/** Whether an import runs down the layers, or stays in one. */
function runsDown({ from, to }: Import): boolean {
  if (layerOf(from) === layerOf(to)) return true;
  if (OPEN_TO_ALL.includes(layerOf(from))) return false;
  return OPEN_TO_ALL.includes(layerOf(to)) || rankOf(from) < rankOf(to);
}

/** The folder of `layer` in which a file is, or the file where it is in none. */
const partOf = (layer: string, file: string): string | undefined =>
  file.startsWith(`${layer}/`) ? file.slice(layer.length + 1).split("/")[0] : undefined;

const vendorOf = (file: string): string | undefined => /^src\/vendors\/([a-z]+)\//.exec(file)?.[1];

const arrow = ({ from, to }: Import): string => `${from} -> ${to}`;

interface Rule {
  readonly because: string;
  readonly breaks: (edge: Import) => boolean;
}

/** What is stricter than the layers. */
const rules: Readonly<Record<string, Rule>> = {
  "the engine imports only the store and wording": {
    because: "it knows no HTTP, no vendor and no platform, so that it can be tested without any",
    breaks: ({ from, to }) => layerOf(from) === "engine" && !["engine", "store", "wording"].includes(layerOf(to)),
  },
  "http imports no delivery": {
    because: "what answers a request must not know what is sent to others",
    breaks: ({ from, to }) => layerOf(from) === "http" && layerOf(to) === "delivery",
  },
  "no vendor imports another": {
    because: "a vendor that leans on another cannot be read, changed or removed alone",
    breaks: ({ from, to }) => {
      const [importer, imported] = [vendorOf(from), vendorOf(to)];
      return importer !== undefined && imported !== undefined && importer !== imported;
    },
  },
  "control imports no vendor's folder": {
    because: "it is handed the list of vendors, so that a fifth needs no change in it",
    breaks: ({ from, to }) => layerOf(from) === "control" && vendorOf(to) !== undefined,
  },
};

describe("imports", () => {
  it("are found at all", () => {
    expect(imports.length).toBeGreaterThan(1000);
  });

  it("are of files that belong to a layer", () => {
    const homeless = sources
      .map(({ file }) => file)
      .filter((file) => rankOf(file) === -1 && !OPEN_TO_ALL.includes(layerOf(file)));
    expect(homeless).toEqual([]);
  });

  it("run down the layers, because what is below can then be read, tested and changed without what is above", () => {
    expect(imports.filter((edge) => !runsDown(edge)).map(arrow)).toEqual([]);
  });

  it.each(Object.entries(FOLDERS))("run one way between the folders of %s, for the same reason", (layer, rows) => {
    const rankIn = (file: string): number => rows.findIndex((row) => row.includes(partOf(layer, file) ?? ""));
    const isPlaced = (file: string): boolean => rankIn(file) !== -1;
    const backwards = imports.filter(({ from, to }) => isPlaced(from) && isPlaced(to) && rankIn(from) > rankIn(to));
    expect(backwards.map(arrow)).toEqual([]);
    const folders = new Set(
      sources.flatMap(({ file }) => partOf(layer, file) ?? []).filter((part) => !part.endsWith(".ts")),
    );
    expect([...folders].filter((folder) => !rows.flat().includes(folder))).toEqual([]);
  });

  it("never lead back to the file they begin in, not even for a type, because such files can only be read together", () => {
    expect(findCycles(imports)).toEqual([]);
  });

  it.each(Object.entries(rules).map(([name, rule]) => ({ name, ...rule })))("$name, because $because", ({ breaks }) => {
    expect(imports.filter(breaks).map(arrow)).toEqual([]);
  });
});

describe("the library", () => {
  it("loads nothing of the server when it is imported, because a test's worker pays for that", () => {
    const loads = new Map(sources.map((source) => [source.file, loadedBy(source)]));
    const reached = new Set(["src/index.ts"]);
    // A set goes on to what is added to it meanwhile.
    for (const file of reached) for (const loaded of loads.get(file) ?? []) reached.add(loaded);
    const isOfTheLibrary = (file: string): boolean =>
      /^src\/(?:index\.ts|client\/|platform\/|engine\/base\/(?:clock|durations)\.ts)/.test(file) ||
      file.startsWith("node:");
    const others = [...reached].filter((file) => !isOfTheLibrary(file));
    expect(others).toEqual(["eventsource-parser/stream"]);
  });
});

describe("folders", () => {
  it("have few enough files that one is found by its name", () => {
    const files = Map.groupBy(sources, ({ file }) => dirname(file));
    const drawers = [...files].filter(([, { length }]) => length > MOST_FILES).map(([folder]) => folder);
    expect(drawers).toEqual([]);
  });
});

describe("modules", () => {
  it("touch the process only where the process begins, because a library must not", () => {
    const touching = sources
      .filter(({ file }) => !/^src\/(?:cli\b|app\.ts|intercept|client\/vitest)/.test(file))
      .filter(({ text }) => /\bprocess\.(?:env|argv|exit|on|stdout)\b/.test(text))
      .map(({ file }) => file);
    expect(touching).toEqual([]);
  });

  it("speak a vendor's words only in that vendor's folder, because a leak makes the next vendor a special case", () => {
    const names = vendors.map(({ name }) => name).join("|");
    const word = new RegExp(`\\b(?:${names}|rendernet|generation_id|result_url|outputUrl|credits_used)\\b`, "i");
    const leaks = sources
      .filter(({ file }) => /^src\/(?:engine|store|http|delivery|media)\//.test(file))
      .flatMap(({ file, text }) =>
        text
          .split("\n")
          // A source or an example may be named in a comment; code may not depend on one.
          .filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line) && word.test(line))
          .map((line) => `${relative(".", file)}: ${line.trim()}`),
      );
    expect(leaks.filter((leak) => !leak.startsWith("src/http/journal/diagnostics.ts"))).toEqual([]);
  });
});
