/** Tests the look-up of a value at a path inside a document. */
import { describe, expect, it } from "vitest";
import { valueAt } from "../../src/wording/value-at.ts";

describe("for the value at a path,", () => {
  it("the value is found through objects and lists, and is undefined if the path leads nowhere", () => {
    const document = { list: [{ a: null }], text: "abc" };
    expect(valueAt(document, ["list", 0, "a"])).toBeNull();
    expect(valueAt(document, ["list", "0"])).toEqual({ a: null });
    expect(valueAt(document, [])).toBe(document);
    for (const path of [["list", 1], ["list", 0, "a", "b"], ["text", "length"], ["none"]])
      expect(valueAt(document, path)).toBeUndefined();
  });

  it("inherited properties are never found", () => {
    for (const key of ["constructor", "__proto__", "toString"]) expect(valueAt({}, [key])).toBeUndefined();
    expect(valueAt(JSON.parse('{"__proto__": 1}'), ["__proto__"])).toBe(1);
  });
});
