/** Tests CORS over a real socket: a browser's preflights, and the answers that it lets a page read. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, createGeneration, headersOf, picture } from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { listenToPages } from "../../support/page.ts";

const ORIGIN = "http://localhost:5173";

const listen = async () => listenToPages(await buildAcmeWorld(), { origin: ORIGIN });

const listed = (value: string | undefined): string[] =>
  (value ?? "").split(",").map((each) => each.trim().toLowerCase());

describe("a page of another origin", () => {
  it("may submit a generation and read the answer with its documented headers", async () => {
    const { ask } = await listen();
    const created = await ask("POST", "/acme/jobs", headersOf("world"), picture);
    expect(created.status).toBe(201);
    expect(created.headers["access-control-allow-origin"]).toBe(ORIGIN);
    const exposed = listed(created.headers["access-control-expose-headers"]);
    expect(exposed).toEqual(expect.arrayContaining([...acme.exposedHeaders, "x-fauxgen-scenario"]));
  });

  it("may read the body of a refusal", async () => {
    const { ask } = await listen();
    for (const [url, status] of [
      ["/acme/credits", 401],
      ["/acme/no/such/route", 404],
    ] as const) {
      const refused = await ask("GET", url);
      expect([url, refused.status, refused.headers["access-control-allow-origin"]]).toEqual([url, status, ORIGIN]);
    }
  });

  it("may show media, fetch byte ranges and read Content-Range", async () => {
    const world = await listen();
    const { ask } = world;
    const id = await createGeneration(world);
    await world.advance("10s");
    const url = `/_media/world/acme/${id}.jpg`;

    const preflight = await ask("OPTIONS", url, {
      "access-control-request-method": "GET",
      "access-control-request-headers": "range,if-none-match",
    });
    expect(preflight.status).toBe(204);
    expect(listed(preflight.headers["access-control-allow-headers"])).toEqual(["range", "if-none-match"]);

    const part = await ask("GET", url, { range: "bytes=0-9" });
    expect(part.status).toBe(206);
    expect(part.headers["access-control-allow-origin"]).toBe(ORIGIN);
    expect(listed(part.headers["access-control-expose-headers"])).toEqual(
      expect.arrayContaining(["content-range", "content-length", "accept-ranges", "etag"]),
    );
    const missing = await ask("GET", "/_media/world/acme/nothing.jpg");
    expect([missing.status, missing.headers["access-control-allow-origin"]]).toEqual([404, ORIGIN]);
  });

  it("may not use control", async () => {
    const { ask } = await listen();
    const preflight = await ask("OPTIONS", "/_fauxgen/sandboxes/world", { "access-control-request-method": "DELETE" });
    expect(preflight.status).not.toBe(204);
    for (const answer of [preflight, await ask("GET", "/_fauxgen/sandboxes"), await ask("GET", "/_fauxgen/health")])
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
  });
});
