/** Tests that a document that is parsed in steps is read, and refused, as its schema does it in one go. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { runAtOnce } from "../../../src/engine/base/turns.ts";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { fixtureDocument } from "../../../src/fixtures/document.ts";
import { parseInSteps } from "../../../src/http/parsing/parse-in-steps.ts";

function inOneGo(schema: z.ZodType, value: unknown) {
  const { success, data, error } = schema.safeParse(value);
  return success ? { data } : { issues: error?.issues };
}

const schema = z
  .strictObject({
    name: z.string(),
    rules: z.array(z.strictObject({ when: z.record(z.string(), z.unknown()).default({}), times: z.int() })).optional(),
    few: z.array(z.int()).max(2).optional(),
    byName: z.record(z.string().regex(/^[a-z]+$/), z.array(z.int())).nullish(),
    byKind: z.record(z.enum(["a", "b"]), z.int()).optional(),
    nested: z.strictObject({ list: z.array(z.string()) }).optional(),
  })
  .nullish();

const scalar = fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.constant(null), fc.boolean());
const rule = fc.record(
  { when: fc.dictionary(fc.string({ maxLength: 2 }), scalar, { maxKeys: 2 }), times: scalar, x: scalar },
  { requiredKeys: ["times"] },
);
const document = fc.record(
  {
    name: fc.oneof({ weight: 5, arbitrary: fc.string() }, scalar),
    rules: fc.oneof({ weight: 5, arbitrary: fc.array(rule, { maxLength: 4 }) }, scalar),
    few: fc.array(scalar, { maxLength: 4 }),
    byName: fc.oneof(
      fc.dictionary(fc.constantFrom("a", "B", "__proto__", ""), fc.array(scalar, { maxLength: 3 })),
      scalar,
    ),
    byKind: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer()),
    nested: fc.record({ list: fc.array(scalar, { maxLength: 3 }) }),
    unknown: scalar,
  },
  { requiredKeys: ["name"] },
);

describe("a document that is parsed in steps", () => {
  it("has the values and the issues that it has in one go, in the same order", () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 20, arbitrary: document }, scalar), (value) => {
        expect(runAtOnce(parseInSteps(schema, value))).toEqual(inOneGo(schema, value));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [
      "a document",
      sandboxSettings,
      { rules: [{ scenario: "fail" }, { times: 0 }], seed: 5, accounts: { A: {}, b: { keys: [1] } } },
    ],
    [
      "fixtures",
      fixtureDocument,
      { catalogues: { any: { models: [{}, 5] } }, scenarios: { X: {} }, rules: [{}], more: 1 },
    ],
  ])("is %s of a sandbox like any other", (_, of, value) => {
    expect(runAtOnce(parseInSteps(of, value))).toEqual(inOneGo(of, value));
  });

  it.each([
    ["rules", { rules: Array.from({ length: 5000 }, () => ({ scenario: "fail" })) }],
    ["accounts", { accounts: Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`a${index}`, {}])) }],
    [
      "keys of an account",
      { accounts: { main: { keys: Array.from({ length: 5000 }, (_, index) => `key-${index}`) } } },
    ],
    ["items of a catalogue", { catalogues: { any: { models: Array.from({ length: 5000 }, () => ({ name: "x" })) } } }],
  ])("has a step for each of 5,000 %s", (what, value) => {
    const of = what.startsWith("items") ? fixtureDocument : sandboxSettings;
    const steps = parseInSteps(of, value);
    let count = 0;
    let last = steps.next();
    for (; last.done !== true; last = steps.next()) count += 1;
    expect(last.value).toEqual(inOneGo(of, value));
    expect(count).toBeGreaterThanOrEqual(5000);
  });
});
