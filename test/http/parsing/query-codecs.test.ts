/** Tests how query values, which are text, become booleans, numbers and lists. */
import { describe, expect, it } from "vitest";
import { queryBoolean, queryInteger, queryList, queryNumber } from "../../../src/http/parsing/query-codecs.ts";

describe("a boolean in a query", () => {
  it.each([
    ["true", true],
    ["TRUE", true],
    ["1", true],
    ["false", false],
    ["False", false],
    ["0", false],
  ])("is %s for %s", (text, value) => {
    expect(queryBoolean.parse(text)).toBe(value);
  });

  it.each(["", "yes", "2", " true", ["true", "true"], true])("is refused as %j", (given) => {
    expect(queryBoolean.safeParse(given).success).toBe(false);
  });
});

describe("a number in a query", () => {
  it.each([
    ["0", 0],
    ["-1.5", -1.5],
    ["+7", 7],
    [".5", 0.5],
    ["3.", 3],
  ])("is read from %s", (text, value) => {
    expect(queryNumber.parse(text)).toBe(value);
  });

  it.each(["", " 1", "1e3", "0x10", "Infinity", "NaN", "1,5", ["1", "2"]])("is refused as %j", (given) => {
    expect(queryNumber.safeParse(given).success).toBe(false);
  });

  it("is refused outside its bounds and as a fraction, with the words of the vendors", () => {
    const codec = queryInteger({ min: 1, max: 100 });
    expect(codec.parse("100")).toBe(100);
    const messageOf = (text: string) => codec.safeParse(text).error?.issues[0]?.message;
    expect(messageOf("0")).toBe("must not be less than 1");
    expect(messageOf("101")).toBe("must not be greater than 100");
    expect(messageOf("1.5")).toBe("must be an integer number");
  });
});

describe("a list in a query", () => {
  it.each<[unknown, string[]]>([
    ["A,B", ["A", "B"]],
    [" A , ,B ", ["A", "B"]],
    ['["A","B,C"]', ["A", "B,C"]],
    [
      ["A", "B"],
      ["A", "B"],
    ],
    [
      ["A,B", '["C"]'],
      ["A", "B", "C"],
    ],
    ["[broken", ["[broken"]],
    ["", []],
  ])("is read from %j", (given, items) => {
    expect(queryList.parse(given)).toEqual(items);
  });
});
