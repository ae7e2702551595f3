/** Tests that a copy of a text is equal to it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { detached } from "../../../src/engine/base/detached-text.ts";

it("a detached text is equal to the part that it was made of, even if that ends within a pair of surrogates", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, length) => {
      expect(detached(text.slice(0, length))).toBe(text.slice(0, length));
    }),
  );
  expect(detached("😀".slice(0, 1))).toBe("\ud83d");
});
