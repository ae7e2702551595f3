/** Tests how the API documents describe a vendor's key. */
import { describe, expect, it } from "vitest";
import { documentedApis } from "../../../src/control/reference/api-descriptions.ts";
import type { Vendor } from "../../../src/vendors/vendor.ts";
import { acme } from "../../support/acme/index.ts";

/** Returns the security scheme of Acme's document, and the key that the reference page fills in. */
function describeKeyOf(parts: Partial<Vendor>) {
  const [api] = documentedApis([{ ...acme, ...parts }]);
  if (api === undefined) throw new Error("Acme has no document.");
  const { description: _description, ...scheme } = api.description.security.scheme;
  return { ...scheme, key: api.key };
}

describe("the OpenAPI description of a vendor's key", () => {
  it("a Bearer key is described as a scheme that adds the word Bearer", () => {
    expect(describeKeyOf({})).toEqual({ type: "http", scheme: "bearer", key: "acme_fx_default_main" });
  });

  it.each([
    ["Token", "Token acme_fx_default_main"],
    ["", "acme_fx_default_main"],
  ])("a key with the scheme %j is described as a header that contains %s", (keyScheme, key) => {
    expect(describeKeyOf({ keyScheme })).toEqual({ type: "apiKey", in: "header", name: "authorization", key });
  });

  it("a key in another header is described as that header", () => {
    expect(describeKeyOf({ keyHeaders: ["x-acme-key"] })).toEqual({
      type: "apiKey",
      in: "header",
      name: "x-acme-key",
      key: "acme_fx_default_main",
    });
  });
});
