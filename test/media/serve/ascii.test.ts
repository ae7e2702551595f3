/** Tests that text in any script becomes text that the font of pictures has. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inAscii } from "../../../src/media/serve/ascii.ts";

describe("in inAscii,", () => {
  it.each([
    ["A lighthouse, 35mm (at dusk)", "A lighthouse, 35mm (at dusk)"],
    ["Привет, мир", "Privet, mir"],
    ["Ein schöner Weg – „Straße“", 'Ein schoner Weg - "Strasse"'],
    ["cafe\u0301", "cafe"],
    ["🚀 launch", ":rocket: launch"],
  ])("%s becomes %s", async (text, expected) => {
    expect(await inAscii(text)).toBe(expected);
  });

  it.each(["山の灯台", "안녕하세요", "مرحبا", "नमस्ते"])("%s becomes Latin letters", async (text) => {
    expect(await inAscii(text)).toMatch(/^[A-Za-z]{3,}/);
  });

  it("any text becomes printable ASCII", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 60 }), async (text) => {
        expect(await inAscii(text)).toMatch(/^[\x20-\x7e\s]*$/);
      }),
    );
  });
});
