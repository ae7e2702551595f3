/** Tests how a refused value is shown in an error. */
import { describe, expect, it } from "vitest";
import { short } from "../../src/wording/field-errors.ts";

describe("a refused value", () => {
  it.each([
    ["ftp://us:hunter2@127.0.0.1/?token=T&sig=S", '"ftp://…@127.0.0.1/?token=…&sig=…"'],
    ["http://u:p@bad host/", '"http://…@bad host/"'],
    ["//u:p@host/in", '"//…@host/in"'],
    ["http://host/?a=b&api_key=secret#jwt=x", '"http://host/?a=b&api_key=…"'],
    ["ada@example.com", '"ada@example.com"'],
    ["one/two", '"one/two"'],
  ])("of %s is shown without the secrets of a URL", (value, shown) => {
    expect(short(value)).toBe(shown);
  });

  it("is cut to fit a line", () => {
    expect(short("x".repeat(500))).toHaveLength(118);
  });
});
