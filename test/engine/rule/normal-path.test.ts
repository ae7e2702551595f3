/** Tests the form in which paths are compared. */
import { expect, it } from "vitest";
import { normalPath } from "../../../src/engine/rule/normal-path.ts";

it.each([
  ["/v2/models", "/v2/models"],
  ["/v2/models/", "/v2/models"],
  ["/v2/m%6fdels", "/v2/models"],
  ["/v2/generate/100%25", "/v2/generate/100%"],
  ["/v2/generate/%2525", "/v2/generate/%25"],
  ["/v2/a%2Fb/c", "/v2/a%2Fb/c"],
  ["/v2/100%", "/v2/100%"],
  ["/v2/%C3%A9", "/v2/é"],
  ["/", "/"],
])("the normal form of %s is %s", (path, normal) => {
  expect(normalPath(path)).toBe(normal);
});
