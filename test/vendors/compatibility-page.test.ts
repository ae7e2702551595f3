/** Tests that docs/compatibility.md names every setting of every vendor, with its values and its default. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseDuration } from "../../src/engine/base/durations.ts";
import { vendors } from "../../src/vendors/index.ts";

const page = readFileSync(fileURLToPath(new URL("../../docs/compatibility.md", import.meta.url)), "utf8");

/** Returns the rows of the page's tables: the switch, its values and its default. */
const rows = [...page.matchAll(/^\| `(\w+)` +\| (.+?) +\| `([^`]+)` +\|/gm)].map(([, name, values, byDefault]) => ({
  name,
  values: [...(values ?? "").matchAll(/`([^`]+)`/g)].map(([, value]) => value),
  byDefault,
}));

const shapes = vendors.map(({ name, settings }) => {
  const properties = z.toJSONSchema(settings, { io: "input", unrepresentable: "any" }).properties ?? {};
  const defaults = settings.parse({});
  return { name, properties, defaults };
});

describe("docs/compatibility.md", () => {
  it("has a row for every setting of a vendor, and no other row", () => {
    const names = shapes.flatMap(({ properties }) => Object.keys(properties));
    expect(rows.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it.each(shapes.flatMap(({ properties, defaults }) => Object.keys(properties).map((name) => ({ name, defaults }))))(
    "the row of $name has its default",
    ({ name, defaults }) => {
      const byDefault = rows.find((row) => row.name === name)?.byDefault ?? "";
      const value = defaults[name];
      expect(typeof value === "number" && value > 1000 ? parseDuration(byDefault) : byDefault).toEqual(
        typeof value === "number" && value > 1000 ? value : String(value),
      );
    },
  );

  it.each(vendors)("a sandbox accepts every value that the page lists for $name, and no other", ({ settings }) => {
    for (const { name, values } of rows) {
      if (name === undefined || !Object.hasOwn(settings.parse({}), name) || values.length === 0) continue;
      const read = values.map((value) =>
        /^(?:true|false|\d+)$/.test(value ?? "") ? (JSON.parse(value ?? "") as unknown) : value,
      );
      for (const value of read) expect(settings.safeParse({ [name]: value })).toMatchObject({ success: true });
      expect(settings.safeParse({ [name]: "another" })).toMatchObject({ success: false });
    }
  });
});
