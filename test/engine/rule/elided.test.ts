/** Tests that a shortened body is matched as the whole body would be, or that the match is undecided. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { charactersIn, elide, elidedParts, notKept } from "../../../src/engine/rule/elided.ts";
import { firstDifference, flawOf } from "../../../src/engine/rule/patterns.ts";

const long = `${"a".repeat(300)}z`;
const hash = createHash("sha256").update(long).digest("hex");
const whole = { image: long, name: "short", more: [{ image: long }] };
const short = elide(whole);

describe("a shortened body", () => {
  it("keeps short strings, and the beginning, length and hash of long ones", () => {
    const image = { $elided: { start: "a".repeat(64), length: 301, sha256: hash } };
    expect(short).toEqual({ image, name: "short", more: [{ image }] });
  });

  it.each([
    [{ image: long }, true],
    [{ image: `${long}!` }, false],
    [{ image: `b${long.slice(1)}` }, false],
    [{ image: { $eq: long } }, true],
    [{ image: { $ne: long } }, false],
    [{ image: { $in: ["x", long] } }, true],
    [{ image: { $nin: [long] } }, false],
    [{ more: { $eq: [{ image: long }] } }, true],
    [{ image: { $exists: true } }, true],
    [{ image: { $length: 301 } }, true],
    [{ image: { $length: { $gt: 301 } } }, false],
    [{ image: { $sha256: hash } }, true],
    [{ image: { $sha256: hash.toUpperCase() } }, true],
    [{ image: { $sha256: "0".repeat(64) } }, false],
    [{ image: { $contains: "aaa" } }, true],
    [{ image: { $contains: "a".repeat(400) } }, false],
    [{ image: { $gt: 5 } }, false],
    [{ image: 5 }, false],
    [{ more: { $contains: { image: long } } }, true],
  ])("is matched by %j like the whole body: %s", (pattern, matches) => {
    expect([whole, short].map((body) => firstDifference(pattern, body) === undefined)).toEqual([matches, matches]);
    expect(firstDifference(pattern, short)?.isUndecided).toBeUndefined();
  });

  it.each([
    [{ image: { $regex: "z$" } }],
    [{ image: { $contains: "z" } }],
    [{ image: { $lt: "b" } }],
    [{ more: { $contains: { image: { $regex: "z$" } } } }],
  ])("leaves %j undecided", (pattern) => {
    expect(firstDifference(pattern, short)).toMatchObject({ isUndecided: true });
  });

  it("reports a place that differs rather than an earlier one that is undecided", () => {
    expect(firstDifference({ image: { $regex: "z$" }, name: "long" }, short)).toEqual({
      path: "name",
      expected: "long",
      actual: "short",
    });
  });

  it("counts characters as Python does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        expect(charactersIn(text)).toBe(Array.from(text).length);
      }),
    );
  });

  it("equals only the string that it was made of", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 257, maxLength: 400 }), fc.string({ maxLength: 400 }), (text, other) => {
        expect(firstDifference(text, elide(text))).toBeUndefined();
        if (other !== text) expect(firstDifference(other, elide(text))).toBeDefined();
      }),
      { numRuns: 20 },
    );
  });
});

describe("a value that was not kept", () => {
  it.each([["x"], [{ a: 1 }], [{ $regex: "a" }], [{ $exists: false, $ne: 1 }]])("leaves %j undecided", (pattern) => {
    const isThere = JSON.stringify(pattern).includes("$exists");
    expect(firstDifference(pattern, notKept, "body")).toMatchObject(isThere ? { path: "body" } : { isUndecided: true });
  });

  it("exists", () => {
    expect(firstDifference({ $exists: true }, notKept)).toBeUndefined();
    expect(firstDifference({ $exists: false }, notKept)?.isUndecided).toBeUndefined();
  });
});

describe("an object of a client that only looks like a shortened string", () => {
  it("has no parts", () => {
    expect(elidedParts({ $elided: { start: 5 } })).toBeUndefined();
    expect(elidedParts({ $elided: { start: "", length: 1, sha256: "" }, more: 1 })).toBeUndefined();
  });
});

it("refuses a length that is not a number, and a hash that is not one", () => {
  expect(flawOf({ $length: "9" })).toContain("$length takes a number or operators");
  expect(flawOf({ $length: { $gtt: 9 } })).toContain("$gt");
  expect(flawOf({ $sha256: "abc" })).toContain("64 hexadecimal digits");
});
