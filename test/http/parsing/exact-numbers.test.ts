/** Tests that numbers of a JSON text can be written again with the digits that were sent. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactNumbersIn, withExactNumbers } from "../../../src/http/parsing/exact-numbers.ts";

/** Returns the text that an echo writes for a text. */
const echo = (text: string): string => JSON.stringify(withExactNumbers(JSON.parse(text), exactNumbersIn(text) ?? {}));

describe("an echo", () => {
  it.each([
    ['{"seed":9007199254740993}'],
    ['{"a":5.0,"b":[1.50,{"c":1e400}],"d":-0}'],
    ["[1E5,0.1,12345678901234567890]"],
    ['{"a/b":{"":1.0},"\\"":2.0}'],
  ])("writes %s as it was sent", (text) => {
    expect(echo(text)).toBe(text);
  });

  it("leaves every other value alone", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(echo(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each(['{"text":"5.0 and 1e9","n":5}', "[1,2.5,-3]"])("needs nothing for %s", (text) => {
    expect(exactNumbersIn(text)).toBeUndefined();
  });
});
