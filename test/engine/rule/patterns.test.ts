/** Tests which JSON values a pattern matches, and how a difference is reported. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstDifference, flawOf, operatorNames } from "../../../src/engine/rule/patterns.ts";

/** Any JSON without operators as keys. */
const json = fc.jsonValue({ noUnicodeString: true }).filter((value) => !JSON.stringify(value).includes('"$'));

describe("a pattern", () => {
  it("matches an equal value", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(firstDifference(value, value)).toBeUndefined();
      }),
    );
  });

  it("matches an object with more fields and an array with more items", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), json), json, (fields, more) => {
        expect(firstDifference(fields, { ...fields, "-more-": more })).toBeUndefined();
        const items = Object.values(fields);
        expect(firstDifference(items, [...items, more])).toBeUndefined();
      }),
    );
  });

  it("does not match an object that lacks one of its fields, and names the field", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), json, { minKeys: 1 }), (fields) => {
        const [[name, wanted] = ["", null], ...rest] = Object.entries(fields);
        expect(firstDifference(fields, Object.fromEntries(rest), "body")).toEqual({
          path: `body.${name}`,
          expected: wanted,
          actual: undefined,
        });
      }),
    );
  });

  it.each([
    [{ $gt: 5 }, 6, 5],
    [{ $gte: 5, $lt: 7 }, 5, 7],
    [{ $lte: "b" }, "b", "c"],
    [{ $gt: 5 }, 6, "6"],
    [{ $eq: { a: 1 } }, { a: 1 }, { a: 1, b: 2 }],
    [{ $ne: "x" }, undefined, "x"],
    [{ $in: ["a", "b"] }, "b", "c"],
    [{ $nin: ["a"] }, "b", "a"],
    [{ $regex: "^a.c$" }, "abc", "abcd"],
    [{ $regex: "." }, "5", 5],
    [{ $exists: true }, null, undefined],
    [{ $exists: false }, undefined, null],
    [{ $contains: "house" }, "lighthouse", "light"],
    [{ $contains: { type: "video" } }, [{ type: "audio" }, { type: "video", url: "u" }], [{ type: "audio" }]],
    [{ $size: 2 }, [1, 2], [1]],
  ])("of %j matches %j and not %j", (pattern, taken, refused) => {
    expect(firstDifference({ field: pattern }, { field: taken })).toBeUndefined();
    expect(firstDifference({ field: pattern }, { field: refused })).toMatchObject({ path: "field", expected: pattern });
  });

  it("locates a difference by a readable path", () => {
    const actual = { input: [{ type: "video", url: "a" }, { type: "audio" }] };
    expect(firstDifference({ input: [{}, { type: "text" }] }, actual, "body")).toEqual({
      path: "body.input[1].type",
      expected: "text",
      actual: "audio",
    });
  });

  it("ignores inherited properties", () => {
    expect(firstDifference({ constructor: { $exists: true } }, {})).toBeDefined();
    expect(firstDifference({ toString: { $exists: false } }, {})).toBeUndefined();
  });

  it.each([
    [{ a: { $gte: 1, b: 2 } }, "a: operators and fields cannot be combined"],
    [{ a: { $gtt: 1 } }, "a: no operator $gtt. Did you mean $gt or $gte or $lte?"],
    [{ a: [{ $regex: "(" }] }, "a[0]: Invalid regular expression: /(/u: Unterminated group"],
    [{ a: { $in: 5 } }, "a: $in takes a list"],
    [{ a: { $exists: "yes" } }, "a: $exists takes true or false"],
    [
      { a: { $contains: { $zzzzzzz: 1 } } },
      `a: $contains: no operator $zzzzzzz. There are: ${operatorNames.join(", ")}.`,
    ],
  ])("the invalid pattern %j is reported", (pattern, flaw) => {
    expect(flawOf(pattern)).toBe(flaw);
  });
});
