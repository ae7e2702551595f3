/** Invariants of the code's shape, each with its reason. What the linter can see (ambient time, SQL) it enforces itself. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { vendors } from "../src/vendors/index.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: join("src", file), text: readFileSync(join(root, "src", file), "utf8") }));

/** Every import of a source file by another, type-only ones told apart. */
const imports = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from\s+"(\.[^"]+)";/gms)].map(
    ([, typeOnly, target = ""]) => ({
      from: file,
      to: normalize(join(dirname(file), target)),
      isTypeOnly: typeOnly !== undefined,
    }),
  ),
);

const layerOf = (file: string): string => (/^src\/([a-z]+)\//.exec(file)?.[1] ?? file).replace("src/", "");

interface Rule {
  readonly because: string;
  readonly breaks: (edge: (typeof imports)[number]) => boolean;
}

const vendorOf = (file: string): string | undefined => /^src\/vendors\/([a-z]+)\//.exec(file)?.[1];

const rules: Readonly<Record<string, Rule>> = {
  "the store imports nothing of ours": {
    because: "it is the bottom, and what it stores belongs to the layer that wrote it",
    breaks: ({ from, to }) => layerOf(from) === "store" && layerOf(to) !== "store",
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
