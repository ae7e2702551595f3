/** Tests JSON bodies that are well-formed but refused. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, postGeneration, readGeneration } from "../../support/acme.ts";

const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("a deeply nested body", () => {
  it("gets a problem from control if it is nested too deeply", async () => {
    const { app } = await buildAcmeWorld();
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
  const world = await buildAcmeWorld();
  const response = await readGeneration(world, "x".repeat(3000));
  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({ code: "not_found" });
});

it("a preflight with an unsupported body outside the vendors' prefixes gets a problem", async () => {
  const { app } = await buildAcmeWorld();
  const response = await app.inject({
    method: "OPTIONS",
    url: "/_fauxgen/sandboxes/world/generations",
    headers: { "content-type": "application/vnd.api+json" },
    payload: "x",
  });
  expect(response.headers["content-type"]).toContain("application/problem+json");
});

it("a body with thousands of errors gets all of them in a single answer, in linear time", async () => {
  const world = await buildAcmeWorld();
  const references = Array.from({ length: 30_000 }, () => "x");
  const refused = await postGeneration(world, { references });
  expect(refused.statusCode).toBe(400);
  expect(refused.json<{ problems: string[] }>().problems).toHaveLength(30_001);
});
