/** Tests JSON bodies that are well-formed but refused. */
import { describe, expect, it } from "vitest";
import { MOST_JSON_LEVELS } from "../../../src/http/server/json-bodies.ts";
import { sync } from "../../../src/vendors/sync/index.ts";
import { vendors } from "../../../src/vendors/index.ts";
import { buildTestWorld, keyHeaders } from "../../support/app.ts";
import { createOf } from "../../support/provoke.ts";

const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("a deeply nested body", () => {
  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "gets $name's malformed-body error with more nesting levels than allowed",
    async ({ vendor }) => {
      const world = await buildTestWorld();
      const { path: url } = createOf(vendor);
      const send = async (payload: string) =>
        world.app.inject({
          method: "POST",
          url,
          headers: { "content-type": "application/json", ...keyHeaders(vendor, vendor.keyFrom("fx_world_main")) },
          payload,
        });
      const malformed = vendor.errors.malformedBody();
      for (const levels of [MOST_JSON_LEVELS + 1, 50_000]) {
        const refused = await send(nested(levels));
        expect(refused.statusCode).toBe(malformed.status);
        expect(refused.json()).toMatchObject(malformed.body as object);
        expect(refused.headers["x-fauxgen-diagnostic"]).toContain("levels deep");
      }
      // At the deepest allowed level, the body is refused because it is a list.
      const read = await send(nested(MOST_JSON_LEVELS));
      expect(read.headers["x-fauxgen-diagnostic"]).not.toContain("levels deep");
    },
  );

  it("gets a problem from control if it is nested too deeply", async () => {
    const { app } = await buildTestWorld();
    const headers = { "content-type": "application/json", host: "localhost" };
    const response = await app.inject({
      method: "PUT",
      url: "/_fauxgen/sandboxes/world/clock",
      headers,
      payload: nested(20_000),
    });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: "bad-request", status: 400 });
  });
});

it("a very long id gets the vendor's own 404", async () => {
  const world = await buildTestWorld();
  for (const [vendor, path] of [
    ["vivix", "/api/v1/generations/"],
    ["sync", "/v2/generate/"],
  ] as const) {
    const found = vendors.find(({ name }) => name === vendor);
    if (found === undefined) throw new Error(vendor);
    const response = await world.send(found, "main", { method: "GET", url: `${path}${"x".repeat(3000)}` });
    expect(response.statusCode).toBe(404);
  }
});

it("a preflight with an unsupported body outside the vendors' prefixes gets a problem", async () => {
  const { app } = await buildTestWorld();
  const response = await app.inject({
    method: "OPTIONS",
    url: "/_fauxgen/sandboxes/world/generations",
    headers: { "content-type": "application/vnd.api+json" },
    payload: "x",
  });
  expect(response.headers["content-type"]).toContain("application/problem+json");
});

it("a body with thousands of errors gets all of them in a single answer, in linear time", async () => {
  const world = await buildTestWorld();
  const input = Array.from({ length: 30_000 }, () => ({ type: "video", url: "x" }));
  const refused = await world.send(sync, "main", { method: "POST", url: "/v2/generate", body: { input } });
  expect(refused.statusCode).toBe(400);
  expect(refused.json<{ message: string[] }>().message).toHaveLength(30_001);
});
