/** Tests which expressions can run in linear time. */
import { expect, it } from "vitest";
import { MatchingWork, syntaxFlaw } from "../../../src/engine/rule/linear-pattern.ts";

it.each(["(?i:a)b", "(?-i:a)", "(?<year>\\d+)", "a{2,3}", "[^a-z]\\w+"])("%s can", (source) => {
  expect(syntaxFlaw(source)).toBeUndefined();
});

it.each([
  "(?=a)",
  "(?!a)",
  "(?<=a)b",
  "(?<!a)b",
  "(a)\\1",
  "(?<x>a)\\k<x>",
  "(?m:^a)",
  "(?s:.)",
  "(",
  "a".repeat(1001),
])("%s cannot, and the refusal says why", (source) => {
  expect(syntaxFlaw(source)).toMatch(/\w{3}/);
});

it("work that is used up decides nothing more", () => {
  const work = new MatchingWork(10);
  expect(work.spend(4)).toBe(true);
  expect(work.spend(7)).toBe(false);
  expect(work.isExhausted).toBe(true);
  expect(work.spend(1)).toBe(false);
  expect(work.test("a", "a")).toBeUndefined();
});
