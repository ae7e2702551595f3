/** What may be known of the store outside it, each rule with its reason; test/architecture.test.ts has the other rules. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../src/store/database.ts";

/** What is taken from the store beside the engine: by its name, in which layers, and why. */
const TAKEN: Readonly<Record<string, { readonly by: readonly string[]; readonly because: string }>> = {
  Store: { by: ["app"], because: "the app opens it and hands it to the engine" },
  StoreUnusable: { by: ["cli"], because: "a person is told in one line why a file cannot be opened" },
  isUnwritable: { by: ["http", "control"], because: "each answers a full disk in its own words" },
  StoredDelivery: { by: ["delivery"], because: "delivery reads its deliveries, as the engine reads generations" },
  NewDelivery: { by: ["delivery"], because: "delivery writes its deliveries, as the engine writes generations" },
  DeliveryFilter: { by: ["delivery"], because: "delivery lists its deliveries, as the engine lists generations" },
};

const root = fileURLToPath(new URL("../", import.meta.url));
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: join("src", file), text: readFileSync(join(root, "src", file), "utf8") }));

/** `media` for `src/media/serve/send.ts`, `app` for `src/app.ts`. */
const layerOf = (file: string): string => /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(file)?.[1] ?? file;

/** Every name that a layer beside the engine takes from the store, as `Store by app`. */
const taken = sources
  .filter(({ file }) => !["store", "engine"].includes(layerOf(file)))
  .flatMap(({ file, text }) =>
    [...text.matchAll(/^(?:import|export)\s([^;]*?)from\s+"(\.[^"]+)";/gms)]
      .filter(([, , target = ""]) => layerOf(normalize(join(dirname(file), target))) === "store")
      .flatMap(([, what = ""]) => what.replace(/^type\s|[{}]/g, "").split(","))
      .map((named) => `${named.replace(/\btype\s|\sas\s+\w+/g, "").trim()} by ${layerOf(file)}`),
  );

describe("the store", () => {
  it("gives a layer beside the engine no more than is listed for it, because a table can then change with those two", () => {
    const listed = Object.entries(TAKEN).flatMap(([name, { by }]) => by.map((layer) => `${name} by ${layer}`));
    expect([...new Set(taken)].sort()).toEqual(listed.sort());
  });

  it("keeps the names of its columns, because what it stores is spoken of in the code's own words", () => {
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
      .filter(({ file }) =>
        ["engine", "delivery", "http", "control", "media", "fixtures", "client"].includes(layerOf(file)),
      )
      .flatMap(({ file, text }) =>
        text
          .split("\n")
          .filter((line) => word.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(said).toEqual([]);
  });
});
