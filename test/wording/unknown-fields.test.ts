/** Tests that fields that a schema ignores are found and named. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { wordUnknownFields, wordUnknownNames } from "../../src/wording/unknown-fields.ts";

const input = z.union([
  z.looseObject({ type: z.literal("video"), url: z.string().optional() }),
  z.looseObject({ type: z.literal("text"), provider: z.looseObject({ name: z.string() }) }),
]);
const schema = z.looseObject({
  model: z.string(),
  prompt: z.string().nullish(),
  input: z.array(input).optional(),
  free: z.looseObject({}).optional(),
  options: z.looseObject({ sync_mode: z.string().optional() }).nullish().default({}),
});

describe("unknown fields", () => {
  it.each([
    [{ promt: "x" }, "body.promt is not known and was ignored. Did you mean prompt?"],
    [{ input: [{ type: "video", ulr: "x" }] }, "body.input.0.ulr is not known and was ignored. Did you mean url?"],
    [{ input: [{ type: "text", provider: { name: "a", nam: 1 } }] }, "body.input.0.provider.nam"],
    [{ options: { syncMode: "loop" } }, "body.options.syncMode is not known and was ignored. Did you mean sync_mode?"],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }, "2 more are not known."],
  ])("of %j are named with the nearest", (value, said) => {
    expect(wordUnknownFields(schema, { model: "m", ...value }, "body")).toContain(said);
  });

  it.each([
    [{ model: "m", prompt: "p", free: { anything: { goes: 1 } }, input: [{ type: "video", url: "u" }] }],
    [{ model: 5, input: "not a list" }],
    ["text"],
    [null],
  ])("are not found in %j", (value) => {
    expect(wordUnknownFields(schema, value, "body")).toBeUndefined();
  });

  it("of a query without parameters say that nothing is read", () => {
    expect(wordUnknownNames(["wait"], [], "query")).toBe(
      "query.wait is not known and was ignored. This route reads no parameters.",
    );
    expect(wordUnknownNames(["status[]"], ["status"], "query")).toContain("Did you mean status?");
  });
});
