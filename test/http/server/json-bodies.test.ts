/** Tests bodies that are refused: what is not JSON, nested too deeply, too large, or of another content type. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, headersOf, postGeneration, readGeneration } from "../../support/acme.ts";

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

it.each([
  ['{"prompt":"a boat",}', "Expected double-quoted property name at position 19 (line 1 column 20)"],
  ['{"prompt":"a boat"', "after property value at position 18 (line 1 column 19)"],
  ["prompt=boat", "Unexpected token 'p'"],
])("a body that is not JSON, %s, is told with the place of its flaw", async (payload, said) => {
  const world = await buildAcmeWorld();
  const json = { "content-type": "application/json" };
  const refused = await world.app.inject({
    method: "POST",
    url: "/acme/jobs",
    headers: { ...headersOf("world"), ...json },
    payload,
  });
  expect(refused.headers["x-fauxgen-diagnostic"]).toContain(`REQUEST_INVALID: The body is not JSON: `);
  expect(refused.headers["x-fauxgen-diagnostic"]).toContain(said);
  const url = "/_fauxgen/sandboxes/world/rules";
  const control = await world.app.inject({ method: "POST", url, headers: json, payload });
  expect([control.statusCode, control.json().detail]).toEqual([400, expect.stringContaining(said)]);
});

it("a body of control with another content type is told which one to send", async () => {
  const world = await buildAcmeWorld();
  const refused = await world.app.inject({
    method: "POST",
    url: "/_fauxgen/sandboxes/world/clock/advance",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "by=1s",
  });
  expect([refused.statusCode, refused.json().detail]).toEqual([
    415,
    'content-type is "application/x-www-form-urlencoded"; this route reads application/json.',
  ]);
});

it("a body over the limit is told with the limit and its size", async () => {
  const world = await buildAcmeWorld();
  const refused = await postGeneration(world, { prompt: "x".repeat(2 * 1024 * 1024) });
  expect(refused.statusCode).toBe(413);
  expect(refused.headers["x-fauxgen-diagnostic"]).toMatch(
    /REQUEST_INVALID: The body has more than \d+ bytes, the limit of this vendor; content-length is 2097\d+\./,
  );
});
