/** Tests that the JSON of webhooks is the ASCII that receivers reproduce for a signature. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asciiJson } from "../../src/delivery/ascii-json.ts";

describe("for the JSON of webhooks,", () => {
  it("the JSON is ASCII and parses to the same value, for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = asciiJson(value);
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("whole numbers stay whole, and characters are escaped as in Python", () => {
    expect(asciiJson({ a: 10.0, b: "é\u007f😀", c: null })).toBe(
      String.raw`{"a":10,"b":"\u00e9\u007f\ud83d\ude00","c":null}`,
    );
  });
});
