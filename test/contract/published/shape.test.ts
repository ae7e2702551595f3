import { describe, expect, it } from "vitest";
import {
  anyOf,
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

describe("the shapes of single values", () => {
  const table: readonly (readonly [string, Shape, readonly unknown[], readonly unknown[]])[] = [
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
  it.each(table)("the shape of %s accepts no other value", (_, shape, good, bad) => {
    for (const each of good) expect(differences(shape, each)).toEqual([]);
    for (const each of bad) expect(differences(shape, each)).toHaveLength(1);
  });

  it("a difference names the path, the expectation and the actual value", () => {
    expect(differences(oneOf("queued", "failed"), "QUEUED", "body.status")).toEqual([
      'body.status: expected one of "queued", "failed"; got "QUEUED"',
    ]);
    expect(differences(text, undefined)).toEqual(["body: expected text; got nothing"]);
  });

  it("a long value is shortened in a difference", () => {
    const [difference] = differences(integer, "x".repeat(500));
    expect(difference?.length).toBeLessThan(200);
  });
});

describe("the shapes of objects", () => {
  const shape = object({ id: uuid, error: nullable(text), foo: optional(text) }, { order: true });

  it("an object fits with and without its optional keys", () => {
    expect(differences(shape, { id: v4, error: null })).toEqual([]);
    expect(differences(shape, { id: v4, error: "a", foo: "b" })).toEqual([]);
  });

  it("a missing required key is a difference", () => {
    expect(differences(shape, { id: v4 })).toEqual([
      "body.error: expected text or null; got nothing, the key is missing",
    ]);
  });

  it("null and absent are different, both ways", () => {
    expect(differences(shape, { id: null, error: null })).toEqual(["body.id: expected a UUID; got null"]);
    expect(differences(shape, { id: v4, error: null, foo: null })).toEqual(["body.foo: expected text; got null"]);
  });

  it("an undefined value of a required key is a difference", () => {
    expect(differences(shape, { id: v4, error: undefined })).toEqual(["body.error: expected text; got nothing"]);
  });

  it("an undocumented key is a difference, even with an inherited name", () => {
    expect(differences(shape, { id: v4, error: null, extra: 1, toString: 2, "a b": 3 })).toEqual([
      "body.extra: expected no such key; got 1",
      "body.toString: expected no such key; got 2",
      'body["a b"]: expected no such key; got 3',
    ]);
  });

  it("a key out of the documented order is a difference", () => {
    expect(differences(shape, { error: null, id: v4 })).toEqual([
      "body: expected the keys in the order id, error; got error, id",
    ]);
  });

  it("keys fit in any order if no order is documented", () => {
    expect(differences(object({ a: text, b: text }), { b: "", a: "" })).toEqual([]);
  });

  it("an object can have a documented order for only some keys", () => {
    const partly = object({ a: text, b: text, c: text }, { order: ["a", "c"] });
    expect(differences(partly, { b: "", a: "", c: "" })).toEqual([]);
    expect(differences(partly, { c: "", b: "", a: "" })).toEqual([
      "body: expected the keys in the order a, c; got c, a",
    ]);
  });

  it("an open object accepts other keys after the documented ones", () => {
    const open = object({ a: text, b: optional(text) }, { order: true, open: true });
    expect(differences(open, { a: "", prompt: "x", seed: 1 })).toEqual([]);
    expect(differences(open, { a: "", prompt: "x", b: "" })).toEqual([
      "body.prompt: expected after the documented keys; got it before b",
    ]);
    expect(differences(object({ a: text }, { open: true }), { prompt: "x", a: "" })).toEqual([]);
  });

  it("an array, null or text is not an object", () => {
    for (const wrong of [[], null, "", undefined]) expect(differences(shape, wrong)).toHaveLength(1);
  });

  it("the rules of an object are checked only if its fields fit", () => {
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
    expect(differences(ruled, { count: "2", items: [7] })).toEqual(['body.count: expected an integer; got "2"']);
  });
});

describe("the shapes of collections", () => {
  it("an array is compared item by item, with the path of each item", () => {
    const shape = object({ media: array(object({ id: text })) });
    expect(differences(shape, { media: [{ id: "a" }, { id: 1 }, {}] })).toEqual([
      "body.media[1].id: expected text; got 1",
      "body.media[2].id: expected text; got nothing, the key is missing",
    ]);
    expect(differences(shape, { media: {} })).toEqual(["body.media: expected an array; got {}"]);
  });

  it("an array can have bounds", () => {
    const shape = array(integer, { min: 1, max: 2 });
    expect(differences(shape, [1])).toEqual([]);
    expect(differences(shape, [])).toEqual(["body: expected at least 1 items; got 0"]);
    expect(differences(shape, [1, 2, 3])).toEqual(["body: expected at most 2 items; got 3"]);
  });

  it("a tuple is compared place by place", () => {
    const shape = tuple(literal("a"), literal("b"));
    expect(differences(shape, ["a", "b"])).toEqual([]);
    expect(differences(shape, ["b", "a"])).toHaveLength(2);
    expect(differences(shape, ["a"])).toEqual(['body[1]: expected "b"; got nothing']);
    expect(differences(shape, ["a", "b", "c"])).toEqual(["body: expected 2 items; got 3"]);
    expect(differences(shape, "ab")).toHaveLength(1);
  });

  it("the values of a record have one shape", () => {
    expect(differences(record(number), { "480p": 0.096 })).toEqual([]);
    expect(differences(record(number), { "480p": "0.096" })).toEqual(['body["480p"]: expected a number; got "0.096"']);
    expect(differences(record(number), [])).toHaveLength(1);
  });
});

describe("the shapes of alternatives", () => {
  const bySelector = variants("status", {
    pending: object({ status: text }),
    success: object({ status: text, url }),
  });

  it("a key chooses between variants", () => {
    expect(differences(bySelector, { status: "pending" })).toEqual([]);
    expect(differences(bySelector, { status: "pending", url: "http://a/b" })).toEqual([
      'body.url: expected no such key; got "http://a/b"',
    ]);
    expect(differences(bySelector, { status: "success" })).toHaveLength(1);
  });

  it("a wrong or missing key names the known variants", () => {
    expect(differences(bySelector, { status: "constructor" })).toEqual([
      'body.status: expected one of "pending", "success"; got "constructor"',
    ]);
    expect(differences(bySelector, {})).toHaveLength(1);
    expect(differences(bySelector, null)).toHaveLength(1);
  });

  it("free alternatives report the nearest one", () => {
    const shape = anyOf(object({ a: text, b: text, c: text }), object({ d: text }));
    expect(differences(shape, { d: "" })).toEqual([]);
    expect(differences(shape, { a: "", b: "" })).toEqual(["body.c: expected text; got nothing, the key is missing"]);
  });
});
