/** Tests that YAML is parsed with the line of each mistake. */
import { describe, expect, it } from "vitest";
import { parseYamlText } from "../../src/platform/yaml-text.ts";

describe("YAML", () => {
  it("takes anchors, aliases and merge keys", async () => {
    const text = "base: &base\n  a: 1\n  b: 2\nown:\n  <<: *base\n  b: 3\n";
    expect((await parseYamlText(text)).value).toEqual({ base: { a: 1, b: 2 }, own: { a: 1, b: 3 } });
  });

  it.each([
    ["a: 1\nb: *x\n", 2, "the alias *x has no anchor &x before it"],
    ["a:\n\tb: 2\n", 2, "indented with a tab; use spaces"],
    ["a: 1\nport: 2\nport: 3\n", 3, "port stands here a second time; keep one of them"],
    ["a: 1\n  b: 2\n", 1, 'indented too far, or its value has ": " in it and must be quoted'],
    ["a: fail: x\n", 1, 'indented too far, or its value has ": " in it and must be quoted'],
    ["a: 1\nb: !secret x\n", 2, "the tag !secret is not known; write the value itself"],
    ["a: 1\n{{ name }}: x\n", 2, "a key is a list or an object; quote a text that begins with [ or {"],
    ["a: [1, 2\n", 2, "Flow"],
    ["a: 1\n---\nb: 2\n", 2, "several documents"],
  ])("names the line of the mistake in %j", async (text, line, reason) => {
    const { errors, value } = await parseYamlText(text);
    expect(value).toBeUndefined();
    expect(errors[0]).toEqual({ line, reason: expect.stringContaining(reason) });
  });

  it("refuses aliases that multiply to fill the memory", async () => {
    const levels = Array.from({ length: 9 }, (_, level) =>
      level === 0
        ? "a0: &a0 [x]"
        : `a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ")}]`,
    );
    const { errors } = await parseYamlText(levels.join("\n"));
    expect(errors).toEqual([{ line: 2, reason: "the aliases stand for more than 1000 values; write them out" }]);
  });

  it("finds the line of a part, or of the part around it", async () => {
    const { lineOf } = await parseYamlText("rules:\n  - when: {}\n    scenario: fail\n");
    expect([lineOf(["rules", "0", "scenario"]), lineOf(["rules", "0", "nothing"]), lineOf([])]).toEqual([3, 2, 1]);
  });
});
