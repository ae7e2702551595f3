/** Tests that JSON with too many values is refused before it is parsed, and that other JSON is not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MOST_KEYS, MOST_VALUES, tooManyValuesIn } from "../../../src/http/parsing/json-size.ts";
import { buildAcmeWorld, headersOf, picture, postGeneration } from "../../support/acme.ts";
import { control } from "../../support/control.ts";

const objectOf = (keys: number, prefix = "k"): Record<string, number> =>
  Object.fromEntries(Array.from({ length: keys }, (_, index) => [`${prefix}${index}`, index]));

describe("the number of values in a body", () => {
  it("is not too large in any small JSON, whatever its texts contain", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
        expect(tooManyValuesIn(JSON.stringify({ value, [text]: text }))).toBeUndefined();
      }),
    );
    expect(tooManyValuesIn(JSON.stringify(',:[{\\"'.repeat(MOST_VALUES)))).toBeUndefined();
    expect(tooManyValuesIn(JSON.stringify(Array(MOST_VALUES - 10).fill(0)))).toBeUndefined();
    expect(tooManyValuesIn(JSON.stringify(Array(20_000).fill({ id: 1, name: "x" })))).toBeUndefined();
  });

  it.each<[string, unknown, RegExp]>([
    ["an object", objectOf(MOST_KEYS + 1), /an object has more than 5000 keys/],
    ["many large objects", Array.from({ length: 10 }, (_, index) => objectOf(2000, `a${index}-`)), /more than 64 keys/],
    ["a list", Array(MOST_VALUES + 1).fill(0), /more than 200000 values/],
    ["many lists", Array(MOST_VALUES).fill([]), /more than 200000 values/],
  ])("is too large in %s", (_, value, reason) => {
    expect(tooManyValuesIn(JSON.stringify({ text: "a", value }))).toMatch(reason);
  });

  it("is counted in linear time, also in texts that end in backslashes", () => {
    const text = `"${"\\\\".repeat(2_000_000)}`;
    expect(tooManyValuesIn(text)).toBeUndefined();
  });

  it("is refused in the vendor's words, and by control with a stable code", async () => {
    const world = await buildAcmeWorld();
    const refused = await postGeneration(world, { ...picture, extra: objectOf(MOST_KEYS + 1) });
    const malformed = await world.app.inject({
      method: "POST",
      url: "/acme/jobs",
      headers: { ...headersOf("bodies"), "content-type": "application/json" },
      payload: "{",
    });
    const { code, message } = malformed.json<{ code: string; message: string }>();
    expect([refused.statusCode, refused.json()]).toMatchObject([malformed.statusCode, { code, message }]);
    expect(
      await control(world.app, "PUT", "sandboxes/many", { vendors: { acme: objectOf(MOST_KEYS + 1) } }),
    ).toMatchObject({
      status: 400,
      body: { code: "bad-request", detail: expect.stringContaining("too many values") as string },
    });
  });
});
