/** Tests the comparison of a JSON body with a published shape, because the contract tests depend on it. */
import { describe, expect, it } from "vitest";
import {
  anyOf,
  anything,
  array,
  differences,
  integer,
  integerFrom,
  isoMillis,
  isoSeconds,
  literal,
  matching,
  nullable,
  number,
  numberFrom,
  object,
  oneOf,
  optional,
  positiveNumber,
  record,
  someText,
  text,
  tuple,
  unixSeconds,
  url,
  uuid,
  uuidV4,
  variants,
} from "./shape.ts";
import type { Shape } from "./shape.ts";

const v4 = "5b91a581-ee19-4f86-9fea-bd29471d69d5";

/** The places of the differences, without their words. */
const placesOf = (shape: Shape, body: unknown): string[] =>
  differences(shape, body).map((difference) => difference.slice(0, difference.indexOf(":")));

describe("a published value", () => {
  const table: readonly (readonly [string, Shape, readonly unknown[], readonly unknown[]])[] = [
    ["anything but nothing", anything, [null, "", 0, [], { a: [1] }], [undefined]],
    ["text", text, ["", "a"], [1, null, undefined, {}, []]],
    ["text that is not empty", someText, ["a"], ["", null]],
    ["a number", number, [0, -1.5], ["1", Number.NaN, Number.POSITIVE_INFINITY, null]],
    ["a number above 0", positiveNumber, [0.1], [0, -1, "1"]],
    ["a number within bounds", numberFrom(0, 100), [0, 99.5, 100], [-1, 101, "50"]],
    ["an integer", integer, [0, -3], [1.5, "1", null]],
    ["an integer within bounds", integerFrom(1, 50), [1, 50], [0, 51, 1.5]],
    ["unix seconds", unixSeconds, [1_675_732_000, 0], [1_675_732_000_123, 1_675_732_000.5, "1675732000", -1]],
    [
      "an ISO time with milliseconds",
      isoMillis,
      ["2026-01-22T09:46:10.602Z"],
      ["2026-01-22T09:46:10Z", "2026-01-22T09:46:10.602+00:00", "2026-13-22T09:46:10.602Z", 1],
    ],
    [
      "an ISO time in seconds",
      isoSeconds,
      ["2026-05-10T12:34:56Z"],
      ["2026-05-10T12:34:56.000Z", "2026-05-10 12:34:56Z"],
    ],
    ["a UUID", uuid, [v4, "01890a5d-ac96-774b-bcce-b302099a8057"], [v4.toUpperCase(), "x", `${v4}0`, null]],
    ["a UUID of version 4", uuidV4, [v4], ["01890a5d-ac96-774b-bcce-b302099a8057"]],
    ["a URL", url, ["http://127.0.0.1:4600/a?b=c"], ["/a", "ftp://a/b", "", null]],
    ["a pattern", matching(/^gen_\w{3}$/), ["gen_abc"], ["gen_", "xgen_abc", 3]],
    ["a literal", literal("error"), ["error"], ["Error", null]],
    ["a literal null", literal(null), [null], [undefined, "null"]],
    ["an enum", oneOf("queued", "failed"), ["queued"], ["QUEUED", "", null]],
  ];
  it.each(table)(
    "of type %s has no difference from matching values, and one from any other value",
    (_, shape, good, bad) => {
      for (const each of good) expect(differences(shape, each)).toEqual([]);
      for (const each of bad) expect(differences(shape, each)).toHaveLength(1);
    },
  );

  it("is compared with its path, what is expected and what came instead", () => {
    expect(differences(oneOf("queued", "failed"), "QUEUED", "body.status")).toEqual([
      'body.status: Invalid option: expected one of "queued"|"failed"; got "QUEUED"',
    ]);
    expect(differences(uuid, "x")).toEqual(['body: expected a UUID; got "x"']);
  });

  it("is shortened in a difference when it is long", () => {
    const [difference] = differences(integer, "x".repeat(500));
    expect(difference?.length).toBeLessThan(250);
  });
});

describe("a published object", () => {
  const shape = object({ id: uuid, error: nullable(text), foo: optional(text) }, { order: true });

  it("accepts a body with and without its optional keys", () => {
    expect(differences(shape, { id: v4, error: null })).toEqual([]);
    expect(differences(shape, { id: v4, error: "a", foo: "b" })).toEqual([]);
  });

  it("differs where a required key is missing or undefined", () => {
    expect(placesOf(shape, { id: v4 })).toEqual(["body.error"]);
    expect(placesOf(shape, { id: v4, error: undefined })).toEqual(["body.error"]);
    expect(placesOf(object({ at: anything }), {})).toEqual(["body.at"]);
    expect(placesOf(object({ inner: object({ id: text }) }), {})).toEqual(["body.inner"]);
  });

  it("differs where a key is null instead of absent, or absent instead of null", () => {
    expect(placesOf(shape, { id: null, error: null })).toEqual(["body.id"]);
    expect(placesOf(shape, { id: v4, error: null, foo: null })).toEqual(["body.foo"]);
  });

  it("has a difference for each undocumented key, even if the key is an inherited name", () => {
    expect(differences(shape, { id: v4, error: null, extra: 1, toString: 2, "a b": 3 })).toEqual([
      "body.extra: expected no such key",
      "body.toString: expected no such key",
      'body["a b"]: expected no such key',
    ]);
  });

  it("differs where keys leave the documented order", () => {
    expect(differences(shape, { error: null, id: v4 })).toEqual([
      `body: expected the keys in the order id, error, received error, id; got {"error":null,"id":"${v4}"}`,
    ]);
  });

  it("fits in any order where none is documented", () => {
    expect(differences(object({ a: text, b: text }), { b: "", a: "" })).toEqual([]);
  });

  it("can have a documented order for some keys only", () => {
    const partly = object({ a: text, b: text, c: text }, { order: ["a", "c"] });
    expect(differences(partly, { b: "", a: "", c: "" })).toEqual([]);
    expect(differences(partly, { c: "", b: "", a: "" })).toEqual([expect.stringContaining("in the order a, c")]);
  });

  it("accepts other keys after the documented keys if it is open", () => {
    const open = object({ a: text, b: optional(text) }, { order: true, open: true });
    expect(differences(open, { a: "", prompt: "x", seed: 1 })).toEqual([]);
    expect(differences(open, { a: "", prompt: "x", b: "" })).toEqual([
      expect.stringContaining("expected prompt after the documented keys, received it before b"),
    ]);
    expect(differences(object({ a: text }, { open: true }), { prompt: "x", a: "" })).toEqual([]);
  });

  it("is not an array, null or text", () => {
    for (const wrong of [[], null, "", undefined]) expect(differences(shape, wrong)).toHaveLength(1);
  });

  it("is checked against its rules once its fields fit", () => {
    const ruled = object(
      { count: integer, items: array(integer) },
      {
        rules: [
          {
            says: "count to be the number of items",
            holds: ({ count, items }) => Array.isArray(items) && items.length === count,
          },
        ],
      },
    );
    expect(differences(ruled, { count: 1, items: [7] })).toEqual([]);
    expect(differences(ruled, { count: 2, items: [7] })).toEqual([
      'body: expected count to be the number of items; got {"count":2,"items":[7]}',
    ]);
    expect(placesOf(ruled, { count: "2", items: [7] })).toEqual(["body.count"]);
  });
});

describe("a published collection", () => {
  it("is compared item by item, with the path of each", () => {
    const shape = object({ media: array(object({ id: text })) });
    expect(placesOf(shape, { media: [{ id: "a" }, { id: 1 }, {}] })).toEqual(["body.media[1].id", "body.media[2].id"]);
    expect(placesOf(shape, { media: {} })).toEqual(["body.media"]);
  });

  it("has as many items as it is documented to have", () => {
    const shape = array(integer, { min: 1, max: 2 });
    expect(differences(shape, [1])).toEqual([]);
    expect(differences(shape, [])).toHaveLength(1);
    expect(differences(shape, [1, 2, 3])).toHaveLength(1);
  });

  it("is compared place by place if its items are fixed", () => {
    const shape = tuple(literal("a"), literal("b"));
    expect(differences(shape, ["a", "b"])).toEqual([]);
    expect(placesOf(shape, ["b", "a"])).toEqual(["body[0]", "body[1]"]);
    expect(differences(shape, ["a"])).toHaveLength(1);
    expect(differences(shape, ["a", "b", "c"])).toHaveLength(1);
    expect(differences(shape, "ab")).toHaveLength(1);
  });

  it("has values of one shape if it may have any keys", () => {
    expect(differences(record(number), { "480p": 0.096 })).toEqual([]);
    expect(placesOf(record(number), { "480p": "0.096" })).toEqual(['body["480p"]']);
    expect(differences(record(number), [])).toHaveLength(1);
  });
});

describe("published alternatives", () => {
  const bySelector = variants("status", {
    pending: object({ status: text }),
    success: object({ status: text, url }),
  });

  it("are chosen by the value of a key", () => {
    expect(differences(bySelector, { status: "pending" })).toEqual([]);
    expect(differences(bySelector, { status: "pending", url: "http://a/b" })).toEqual([
      "body.url: expected no such key",
    ]);
    expect(differences(bySelector, { status: "success" })).toHaveLength(1);
  });

  it("are named when the key has another value, or none", () => {
    expect(differences(bySelector, { status: "constructor" })).toEqual([
      'body.status: Invalid option: expected one of "pending"|"success"; got "constructor"',
    ]);
    expect(differences(bySelector, {})).toHaveLength(1);
    expect(differences(bySelector, null)).toHaveLength(1);
  });

  it("are compared with the nearest alternative if no key chooses one", () => {
    const shape = anyOf(object({ a: text, b: text, c: text }), object({ d: text }));
    expect(differences(shape, { d: "" })).toEqual([]);
    expect(placesOf(shape, { a: "", b: "" })).toEqual(["body.c"]);
    expect(placesOf(object({ inner: shape }), { inner: { a: "", b: "" } })).toEqual(["body.inner.c"]);
  });
});
