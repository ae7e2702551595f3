/** Tests which paths a path with wildcards matches, and that no path takes long. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathPattern } from "../../../src/engine/rule/path-pattern.ts";

/** The same rules as an expression that backtracks; for short paths only. */
function expressionOf(pattern: string): RegExp {
  const source = pattern
    .split("/")
    .map((segment) => {
      if (segment === "**") return ".*";
      if (/^(?::\w+|\{\w+\})$/.test(segment)) return "[^/]+";
      return segment.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
    })
    .join("/");
  return new RegExp(`^${source}/?$`);
}

const segment = fc.constantFrom("a", "b", "ab", "", "**", "**", "*", "a*", "*b", "a*b*", ":id", "{id}", ".");
const pattern = fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => `/${segments.join("/")}`);
const path = fc
  .array(fc.constantFrom("a", "b", "ab", "abab", "", "x"), { maxLength: 7 })
  .map((segments) => `/${segments.join("/")}`);

describe("a path with wildcards", () => {
  it("matches the paths that its expression matches", () => {
    fc.assert(
      fc.property(pattern, path, (wanted, actual) => {
        expect(pathPattern(wanted).test(actual)).toBe(expressionOf(wanted).test(actual));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ["/**/**/**/**/**/**/**/**/x", `/${"a/".repeat(4000)}y`],
    ["/*a*a*a*a*a*a*a*a*a*b", `/${"a".repeat(8000)}`],
    [`/**${"/a".repeat(50)}/b/**`, "/a".repeat(4000)],
  ])("%s is decided at once for a long path", (wanted, actual) => {
    const began = performance.now();
    expect(pathPattern(wanted).test(actual)).toBe(false);
    expect(performance.now() - began).toBeLessThan(50);
  });
});
