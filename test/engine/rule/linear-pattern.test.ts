/** Tests that users' regular expressions match what JavaScript's do, in a bounded number of steps. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engineFlaw, MatchingWork, syntaxFlaw } from "../../../src/engine/rule/linear-pattern.ts";

/** Pieces that both engines must read alike, combined at random. */
const ATOMS = [
  "a",
  "b",
  "é",
  ".",
  "\\.",
  "\\s",
  "\\S",
  "\\w",
  "\\W",
  "\\d",
  "\\b",
  "\\B",
  "\\/",
  "\\u00e9",
  "\\u{1F600}",
  "\\ud83d\\ude00",
  "\\x41",
  "\\cJ",
  "\\t",
  "\\v",
  "\\0",
  "\\p{Lu}",
  "\\P{L}",
  "\\p{Script=Greek}",
  "\\p{gc=Nd}",
  "[ab]",
  "[^a]",
  "[^]",
  "[]",
  "[\\s-]",
  "[^\\S]",
  "[\\S]",
  "[^\\s.]",
  "[[:a]",
  "[\\]\\-a]",
  "[\\b]",
  "[a-f\\d]",
  "[a&&b]",
] as const;
const QUANTIFIERS = ["", "", "", "*", "+", "?", "*?", "{2}", "{1,3}", "{2,}"] as const;

const atom = fc.constantFrom(...ATOMS);
const expression = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc
      .tuple(atom, fc.constantFrom(...QUANTIFIERS))
      .map(([piece, often]) => (/^\\[bB]$/.test(piece) ? piece : piece + often)),
    fc.tuple(tie("tree"), tie("tree")).map(([one, other]) => one + other),
    fc.tuple(tie("tree"), tie("tree")).map(([one, other]) => `(?:${one}|${other})`),
    fc.tuple(tie("tree"), fc.constantFrom("(", "(?:")).map(([inner, opening]) => `${opening}${inner})+`),
    tie("tree").map((inner) => `^${inner}`),
    tie("tree").map((inner) => `${inner}$`),
  ),
})).tree;
const text = fc.string({
  maxLength: 12,
  unit: fc.constantFrom(
    "a",
    "b",
    "A",
    "é",
    "Ω",
    "\u00a0",
    "\u2028",
    "\n",
    "\r",
    " ",
    ".",
    "5",
    "😀",
    "-",
    "\b",
    "[",
    "&",
    "\0",
  ),
});

const flawOfExpression = (source: string): string | undefined => syntaxFlaw(source) ?? engineFlaw([source]);
const matches = (source: string, subject: string): boolean | undefined => new MatchingWork().test(source, subject);

describe("a user's expression", () => {
  it("matches exactly the texts that JavaScript's expression with the flag u matches", () => {
    fc.assert(
      fc.property(expression, text, (source, subject) => {
        fc.pre(flawOfExpression(source) === undefined);
        expect(matches(source, subject)).toBe(new RegExp(source, "u").test(subject));
      }),
      { numRuns: 3000 },
    );
  });

  it("may ignore case in a group", () => {
    expect(matches("^(?i:lighthouse) at", "LightHouse at")).toBe(true);
    expect(matches("^(?i:lighthouse) at", "LightHouse AT")).toBe(false);
    expect(matches("(?i:a(?-i:b))", "Ab")).toBe(true);
    expect(matches("(?i:a(?-i:b))", "AB")).toBe(false);
  });

  it("may name its groups", () => {
    expect(matches("^(?<year>\\d{4})-(?<month>\\d\\d)$", "2026-11")).toBe(true);
  });

  it.each([
    ["a(?=b)", "look-ahead (?=) is not supported, because patterns run in linear time"],
    ["a(?!b)", "look-ahead (?!) is not supported, because patterns run in linear time"],
    ["(?<=a)b", "look-behind (?<=) is not supported, because patterns run in linear time"],
    ["(?<!a)b", "look-behind (?<!) is not supported, because patterns run in linear time"],
    ["(a)\\1", "a back-reference (\\1) is not supported, because patterns run in linear time"],
    ["(?<n>a)\\k<n>", "a back-reference (\\k<n>) is not supported, because patterns run in linear time"],
    ["a{1001}", "the engine of linear patterns does not support this: invalid repeat count: `{1001}`"],
    [
      "\\p{Script_Extensions=Greek}",
      "the engine of linear patterns does not support this: invalid character class range: `\\p{Script_Extensions=Greek}`",
    ],
    ["(?:[ab]{500}[cd]{500}){1}e", "the patterns take 1003 steps for each character; the limit is 1000"],
    ["(", "Invalid regular expression: /(/u: Unterminated group"],
    ["\\z", "Invalid regular expression: /\\z/u: Invalid escape"],
    ["a".repeat(1001), "a pattern has at most 1000 characters"],
  ])("that is %s is refused with the reason", (source, reason) => {
    expect(flawOfExpression(source)).toContain(reason);
  });

  it.each(["a[(?=]", "\\(?=", "a\\\\1", "[\\\\1]"])(
    "that only looks like one with a look-around or back-reference is accepted: %s",
    (source) => {
      expect(flawOfExpression(source)).toBeUndefined();
    },
  );

  it.each(["^(a+)+$", "^(a|aa)+$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "^(?:a?){30}a{30}$"])(
    "that backtracks without end elsewhere is decided: %s",
    (source) => {
      expect(flawOfExpression(source)).toBeUndefined();
      expect(matches(source, `${"a".repeat(5000)}!`)).toBe(false);
    },
  );
});

describe("the work of matching", () => {
  it("is bounded for all comparisons together, and says so", () => {
    const work = new MatchingWork(100_000);
    let decided = 0;
    while (work.test("^a+b$", "a".repeat(1000)) === false) decided += 1;
    expect(decided).toBeGreaterThan(3);
    expect(decided).toBeLessThan(40);
    expect(work.isExhausted).toBe(true);
    expect(work.test("^a", "a")).toBeUndefined();
  });

  it("counts the compiling of expressions that are no longer kept", () => {
    const work = new MatchingWork();
    let decided = 0;
    for (let number = 0; number < 1000; number += 1)
      // The name keeps each of them apart.
      if (work.test(`^(?:[a-z]{${400 + (number % 500)}}|${number})$`, "a") !== undefined) decided += 1;
    expect(decided).toBeLessThan(20);
  });

  it("does not decide a text that is too long for an expression", () => {
    expect(matches("[ab]{200}c", "a".repeat(1_000_000))).toBeUndefined();
  });
});
