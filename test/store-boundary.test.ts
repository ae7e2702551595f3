/** Tests which parts of the store other layers may use; test/architecture.test.ts has the other rules. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../src/store/database.ts";

/** The exports of the store that layers other than the engine import: their names, the layers, and the reasons. */
const TAKEN: Readonly<Record<string, { readonly by: readonly string[]; readonly because: string }>> = {
  Store: { by: ["app"], because: "the app opens it and hands it to the engine" },
  StoreUnusable: { by: ["cli"], because: "the user is told in one line why a file cannot be opened" },
  explainDamage: { by: ["app"], because: "damaged pages may show only when the engine reads its sandboxes" },
  isUnwritable: { by: ["http", "control"], because: "each answers a full disk in its own words" },
  UnreadableRow: { by: ["app", "http", "control"], because: "each answers a damaged row in its own words" },
  readRow: { by: ["app"], because: "it decodes what the engine does not" },
};

const root = fileURLToPath(new URL("../", import.meta.url));
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: join("src", file), text: readFileSync(join(root, "src", file), "utf8") }));

/** Returns a file's layer: `media` for `src/media/serve/send.ts`, `app` for `src/app.ts`. */
const layerOf = (file: string): string => /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(file)?.[1] ?? file;

/** Every name that a layer other than the engine imports from the store, as `Store by app`. */
const taken = sources
  .filter(({ file }) => !["store", "engine"].includes(layerOf(file)))
  .flatMap(({ file, text }) =>
    [...text.matchAll(/^(?:import|export)\s([^;]*?)from\s+"(\.[^"]+)";/gms)]
      .filter(([, , target = ""]) => layerOf(normalize(join(dirname(file), target))) === "store")
      .flatMap(([, what = ""]) => what.replace(/^type\s|[{}]/g, "").split(","))
      .map((named) => `${named.replace(/\btype\s|\sas\s+\w+/g, "").trim()} by ${layerOf(file)}`),
  );

describe("the store", () => {
  it("exports only the listed names to layers other than the engine, so that tables can change", () => {
    const listed = Object.entries(TAKEN).flatMap(([name, { by }]) => by.map((layer) => `${name} by ${layer}`));
    expect([...new Set(taken)].sort()).toEqual(listed.sort());
  });

  it("keeps its column names private, because other layers use the code's own terms", () => {
    const columns = openDatabase(undefined)
      .prepare<[], { name: string }>(
        "SELECT DISTINCT c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE c.name LIKE '%!_%' ESCAPE '!'",
      )
      .all()
      .map(({ name }) => name);
    expect(columns).toContain("sandbox_id");
    const word = new RegExp(`\\b(?:${columns.join("|")})\\b`);
    const said = sources
      // In the vendors' folders, such a word is the vendor's own term.
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
