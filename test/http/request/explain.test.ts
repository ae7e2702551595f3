/** Tests that explanations beside a vendor's answer name the page that says more. */
import { describe, expect, it } from "vitest";
import { acme } from "../../support/acme/index.ts";
import { buildAcmeWorld, listenWithAcme } from "../../support/acme.ts";
import { keyHeaders } from "../../support/app.ts";

const headers = { ...keyHeaders(acme, acme.keyFrom("fx_default_main")), "content-type": "application/json" };
const [prefix = ""] = acme.prefixes;

describe("beside a diagnostic,", () => {
  it("the answer to an unknown route names the vendor's list of what is not supported", async () => {
    const { url } = await listenWithAcme();
    const response = await fetch(`${url}${prefix}/nothing/of/this/kind`, { headers });
    expect(response.status).toBe(404);
    expect(response.headers.get("x-fauxgen-diagnostic")).toContain("ROUTE_UNKNOWN");
    expect(response.headers.get("x-fauxgen-see")).toBe("docs/fidelity/acme.md#not-supported");
  });

  it("the answer to an invalid body names the part of the vendor's page about the operation", async () => {
    const { url } = await listenWithAcme();
    const create = acme.outcomes.find(({ operation }) => operation === "createGeneration")?.provoke.path;
    const response = await fetch(`${url}${create}`, { method: "POST", headers, body: "{}" });
    expect(response.headers.get("x-fauxgen-diagnostic")).toContain("REQUEST_INVALID");
    expect(response.headers.get("x-fauxgen-see")).toBe("docs/fidelity/acme.md#creategeneration");
  });

  it("no page is named where none says more, or where explanations are switched off", async () => {
    const world = await buildAcmeWorld();
    const missing = await world.app.inject("/_media/world/acme/none.png");
    expect(missing.headers["x-fauxgen-diagnostic"]).toContain("MEDIA_NOT_FOUND");
    expect(missing.headers["x-fauxgen-see"]).toBeUndefined();
    const { url } = await listenWithAcme({ explain: false });
    const response = await fetch(`${url}${prefix}/nothing/of/this/kind`, { headers });
    expect(response.headers.get("x-fauxgen-see")).toBeNull();
  });
});

it("a header writes what is not ASCII as JSON escapes it", async () => {
  const world = await buildAcmeWorld();
  const { headers: answered } = await world.app.inject({
    url: "/acme/credits?st%C3%A4te%0d%0ax=1",
    headers: keyHeaders(acme, acme.keyFrom("fx_world_main")),
  });
  expect(answered["x-fauxgen-diagnostic"]).toContain("query.st\\u00e4te x is not known");
});
