/** Invariants of the code's shape, each with its reason. What the linter can see (ambient time, SQL) it enforces itself. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../src/store/database.ts";
import { vendors } from "../src/vendors/index.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: join("src", file), text: readFileSync(join(root, "src", file), "utf8") }));

/** Every import of a source file by another, type-only ones told apart. */
const imports = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/^(?:import|export)\s+(type\s+)?([^;]*?)from\s+"(\.[^"]+)";/gms)].map(
    ([, typeOnly, what = "", target = ""]) => ({
      from: file,
      to: normalize(join(dirname(file), target)),
      isTypeOnly: typeOnly !== undefined,
      names: [...what.matchAll(/(?:^|[{,])\s*(?:type\s+)?(\w+)/g)].map(([, name = ""]) => name),
    }),
  ),
);

const layerOf = (file: string): string => (/^src\/([a-z]+)\//.exec(file)?.[1] ?? file).replace("src/", "");

interface Rule {
  readonly because: string;
  readonly breaks: (edge: (typeof imports)[number]) => boolean;
}

const vendorOf = (file: string): string | undefined => /^src\/vendors\/([a-z]+)\//.exec(file)?.[1];

/** What is taken from the store beside the engine: by its name, in which layers, and why. */
const takenFromStore: Readonly<Record<string, { readonly by: readonly string[]; readonly because: string }>> = {
  Store: { by: ["app"], because: "the app opens it and hands it to the engine" },
  StoreUnusable: { by: ["cli"], because: "a person is told in one line why a file cannot be opened" },
  isUnwritable: { by: ["http", "control"], because: "each answers a full disk in its own words" },
  StoredDelivery: { by: ["delivery"], because: "delivery reads its deliveries, as the engine reads generations" },
  NewDelivery: { by: ["delivery"], because: "delivery writes its deliveries, as the engine writes generations" },
  DeliveryFilter: { by: ["delivery"], because: "delivery lists its deliveries, as the engine lists generations" },
};

const rules: Readonly<Record<string, Rule>> = {
  "the store imports nothing of ours": {
    because: "it is the bottom, and what it stores belongs to the layer that wrote it",
    breaks: ({ from, to }) => layerOf(from) === "store" && layerOf(to) !== "store",
  },
  "beside the engine, a layer takes from the store only what is listed for it": {
    because: "a table can then change with no more than the engine and the layer whose records it holds",
    breaks: ({ from, to, names }) =>
      layerOf(to) === "store" &&
      !["store", "engine"].includes(layerOf(from)) &&
      !(names.length > 0 && names.every((name) => takenFromStore[name]?.by.includes(layerOf(from).replace(".ts", "")))),
  },
  "the engine imports only the store and wording": {
    because: "it knows no HTTP and no vendor, so that it can be tested without either",
    breaks: ({ from, to }) => layerOf(from) === "engine" && !["engine", "store", "wording"].includes(layerOf(to)),
  },
  "http imports no vendor, control or app": {
    because: "what every route shares must not know who the routes belong to",
    breaks: ({ from, to }) =>
      layerOf(from) === "http" && ["vendors", "control", "delivery", "app.ts", "cli.ts"].includes(layerOf(to)),
  },
  "no vendor imports another": {
    because: "a vendor that leans on another cannot be read, changed or removed alone",
    breaks: ({ from, to }) => {
      const [importer, imported] = [vendorOf(from), vendorOf(to)];
      return importer !== undefined && imported !== undefined && importer !== imported;
    },
  },
  "control and delivery import no vendor's folder": {
    because: "they are handed the list of vendors, so that a fifth needs no change in them",
    breaks: ({ from, to }) => ["control", "delivery", "media"].includes(layerOf(from)) && vendorOf(to) !== undefined,
  },
};

describe("imports", () => {
  it("are found at all", () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it("take from the store whatever is listed, because a list that allows more than is needed is no rule", () => {
    const taken = imports
      .filter(({ from, to }) => layerOf(to) === "store" && !["store", "engine"].includes(layerOf(from)))
      .flatMap(({ from, names }) => names.map((name) => `${name} by ${layerOf(from).replace(".ts", "")}`));
    const listed = Object.entries(takenFromStore).flatMap(([name, { by }]) => by.map((layer) => `${name} by ${layer}`));
    expect([...new Set(taken)].sort()).toEqual(listed.sort());
  });

  it.each(Object.entries(rules).map(([name, rule]) => ({ name, ...rule })))("$name, because $because", ({ breaks }) => {
    expect(imports.filter(breaks)).toEqual([]);
  });
});

describe("modules", () => {
  it("keep no state of their own, because servers in one process must not see each other", () => {
    const held = sources.flatMap(({ file, text }) =>
      text
        .split("\n")
        .filter((line) =>
          /^(?:export )?(?:let|var) |^(?:export )?const \w+ = new (?:Map|Set|WeakMap|EventEmitter)\((?:\)|<)/.test(
            line,
          ),
        )
        .map((line) => `${file}: ${line}`),
    );
    expect(held).toEqual([]);
  });

  it("touch the process only where the process begins, because a library must not", () => {
    const touching = sources
      .filter(({ file }) => !/^src\/(?:cli\b|app\.ts|intercept|client\/vitest)/.test(file))
      .filter(({ text }) => /\bprocess\.(?:env|argv|exit|on|stdout)\b/.test(text))
      .map(({ file }) => file);
    expect(touching).toEqual([]);
  });

  it("have no column's name outside the store, because what it stores is spoken of in the code's own words", () => {
    const columns = openDatabase(undefined)
      .prepare<[], { name: string }>(
        "SELECT DISTINCT c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE c.name LIKE '%!_%' ESCAPE '!'",
      )
      .all()
      .map(({ name }) => name);
    expect(columns).toContain("sandbox_id");
    const word = new RegExp(`\\b(?:${columns.join("|")})\\b`);
    const said = sources
      // In the vendors' folders such a word is the vendor's own.
      .filter(({ file }) => /^src\/(?:engine|delivery|http|control|media|fixtures|client)\//.test(file))
      .flatMap(({ file, text }) =>
        text
          .split("\n")
          .filter((line) => word.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(said).toEqual([]);
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
