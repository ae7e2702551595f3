/** Tests that a document is split into the same values however its bytes are divided into chunks. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  JsonBroken,
  JsonPieces,
  PieceTooLarge,
  type JsonPiecesOptions,
} from "../../../src/control/sandboxes/json-pieces.ts";

const LIMITS = { mostBytes: 1000, mostLevels: 10 };

/** Splits a text that arrives in chunks of a size, and puts the pieces together again. */
function split(text: string | Buffer, size: number, options: Partial<JsonPiecesOptions> = {}) {
  const pieces = new JsonPieces({ descend: () => undefined, ...LIMITS, ...options });
  const bytes = Buffer.from(text);
  const found = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...pieces.push(bytes.subarray(at, at + size)));
  pieces.end();
  return found;
}

const descendAll: JsonPiecesOptions["descend"] = (path) =>
  path.length === 0 ? "object" : path.at(-1) === "list" ? "array" : undefined;

describe("the pieces of a JSON document", () => {
  it("are what JSON.parse makes of it, whatever the values, the spaces and the chunks", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ unit: "grapheme" }).filter((key) => key !== "list" && key !== "__proto__"),
          fc.jsonValue({ depthSize: "small" }),
        ),
        fc.array(fc.jsonValue({ depthSize: "small" })),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 1, "\t"),
        (document, list, size, space) => {
          const text = JSON.stringify({ ...document, list }, null, space);
          const found = split(text, size, { descend: descendAll, mostBytes: 100_000, mostLevels: 100 });
          const expected = JSON.parse(text) as Record<string, unknown>;
          expect(found.filter(({ path }) => path.length === 2).map(({ value }) => value)).toEqual(expected["list"]);
          for (const [key, value] of Object.entries(expected))
            if (key !== "list")
              expect(found.find(({ path: [first], path }) => path.length === 1 && first === key)?.value).toEqual(value);
        },
      ),
    );
  });

  it.each([
    '{"a":1',
    '{"a":1}}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":1,}',
    "{,}",
    '{"list":[1,]}',
    '{"list":[1}',
    '{"a":tru}',
    '{"a":"\n"}',
    '{"a":[1,}',
    '{"a":',
    "{a:1}",
    "",
    "[",
  ])("are refused if the document is %j", (text) => {
    for (const size of [1, 3, 100]) expect(() => split(text, size, { descend: descendAll })).toThrow(JsonBroken);
  });

  it("may follow a byte order mark", () => {
    expect(split("\uFEFF{}", 100, { descend: descendAll })).toEqual([]);
  });

  it("are bounded in bytes and in depth, before they are there", () => {
    const pieces = new JsonPieces({ descend: descendAll, ...LIMITS });
    const send = (text: string): unknown => [...pieces.push(Buffer.from(text))];
    send('{"a":"');
    expect(() => {
      for (let sent = 0; sent < 100; sent += 1) send("x".repeat(100));
    }).toThrow(PieceTooLarge);
    expect(() => split(`{"a":${"[".repeat(11)}`, 3, { descend: descendAll })).toThrow(PieceTooLarge);
  });
});
