/** Tests that HEAD is answered wherever GET is, at once and without effects. */
import { request as httpRequest } from "node:http";
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import {
  buildAcmeWorld,
  createGeneration,
  get,
  headersOf,
  madeUpVendors,
  post,
  readGeneration,
} from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { worldIn, type TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { exchangeRaw, listenOn } from "../../support/socket.ts";
import { listenComparing } from "../../support/wire.ts";

const head = (world: TestWorld, url: string) => world.send(acme, "main", { method: "HEAD", url });

/** Sends two requests in one connection, and returns all received bytes. */
const twoInOne = (origin: string, first: string, second: string) =>
  exchangeRaw(
    origin,
    [`${first} HTTP/1.1`, `${second} HTTP/1.1\nconnection: close`]
      .map((each) => `${each}\nhost: x\nauthorization: Bearer acme_fx_world_main\n\n`)
      .join(""),
  );

describe("HEAD", () => {
  it("has the status and the headers of GET, the body's length included, and no body", async () => {
    const world = worldIn((await listenComparing(madeUpVendors)).app, "world");
    const id = await createGeneration(world);
    await world.advance("1m");
    const paths = ["/acme/credits", "/acme/health", `/acme/jobs/${id}`, `/acme/jobs/${id}/result`, "/acme/jobs/none"];
    const unkeyed = ["/_fauxgen/ready", "/_fauxgen/health", "/_fauxgen/operations", "/_fauxgen/", "/_fauxgen/docs"];
    for (const url of [...paths, "/acme/nowhere"]) {
      const [got, asked] = [await get(world, url), await head(world, url)];
      expect({ url, status: asked.statusCode, body: asked.body }).toEqual({ url, status: got.statusCode, body: "" });
      expect(asked.headers["content-type"]).toBe(got.headers["content-type"]);
      expect(asked.headers["content-length"]).toBe(got.headers["content-length"]);
      expect(asked.headers.location).toBe(got.headers.location);
    }
    const { app } = await buildAcmeWorld();
    for (const url of [...unkeyed, "/", "/metrics"]) {
      const [got, asked] = [await app.inject({ method: "GET", url }), await app.inject({ method: "HEAD", url })];
      expect({ url, status: asked.statusCode, body: asked.body }).toEqual({ url, status: got.statusCode, body: "" });
      expect(asked.statusCode).toBeLessThan(400);
    }
  });

  it("leaves the connection in step: the next request on it gets its own answer", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    world.sandbox.rules.add({ when: { operation: "getCredits" }, fault: "MALFORMED_RESPONSE_CHUNK" }, "control");
    const { received } = await twoInOne(origin, "HEAD /acme/credits", "GET /acme/health");
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 200"]);
    expect(received.endsWith('\r\n\r\n{"state":"well"}')).toBe(true);
  });

  it("needs the key that GET needs, and is in the journal as HEAD", async () => {
    const world = await buildAcmeWorld();
    expect((await world.send(acme, undefined, { method: "HEAD", url: "/acme/credits" })).statusCode).toBe(401);
    await head(world, "/acme/credits");
    const { body } = await control(world.app, "GET", "sandboxes/world/requests");
    expect(body.items).toMatchObject([{ method: "HEAD", operation: "getCredits", status: 200 }]);
    const { body: unassigned } = await control(world.app, "GET", "requests/unassigned");
    expect(unassigned.items).toMatchObject([{ request: { method: "HEAD", status: 401 } }]);
  });

  it("does not count as a read: it does not move a generation that moves on by reads", async () => {
    const world = await buildAcmeWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ progression: { polls: 1 } }));
    const id = await createGeneration(world);
    for (let sent = 0; sent < 5; sent += 1) await head(world, `/acme/jobs/${id}`);
    const states = [];
    for (let sent = 0; sent < 3; sent += 1)
      states.push((await readGeneration(world, id)).json<{ state: string }>().state);
    expect(new Set(states).size).toBe(3);
  });

  it("is never held: not by a wait, by `within`, by a latency or by a fault without an answer", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    expect((await head(world, `/acme/jobs/${id}?wait=true`)).statusCode).toBe(200);
    const waited = await world.app.inject({
      method: "HEAD",
      url: "/_fauxgen/sandboxes/world/generations?count=5&within=60s",
    });
    expect(waited.statusCode).toBe(422);
    for (const fault of [{ latency: 3_600_000 }, "NEVER_ANSWER", "TRUNCATED_BODY", "SLOW_BODY"] as const) {
      const rule = world.sandbox.rules.add({ when: { path: "/acme/credits" }, fault, times: 1 }, "control");
      expect((await head(world, "/acme/credits")).statusCode).toBe(200);
      expect(rule.hits, "a rule that does not apply is not used up").toBe(0);
      world.sandbox.rules.delete(rule.id);
    }
    const late = { latency: 3_600_000, status: 503 };
    world.sandbox.rules.add({ when: { path: "/acme/credits" }, fault: late }, "control");
    expect((await head(world, "/acme/credits")).statusCode).toBe(503);
  });

  it("of an event stream ends with the headers, and takes no follower's place", async () => {
    const world = await buildAcmeWorld({ maxFollowers: 1 });
    const origin = await listenOn(world.app);
    for (const path of ["/acme/events", "/_fauxgen/events", "/_fauxgen/sandboxes/world/requests/follow"]) {
      const answer = await new Promise<{ status: number | undefined; type: string | undefined }>((resolve, reject) => {
        httpRequest(`${origin}${path}`, { method: "HEAD", headers: headersOf("world") }, (response) => {
          response.resume().once("end", () => {
            resolve({ status: response.statusCode, type: response.headers["content-type"] });
          });
        })
          .once("error", reject)
          .end();
      });
      expect(answer, path).toEqual({ status: 200, type: "text/event-stream" });
    }
    expect(world.app.httpContext.followers.count).toBe(0);
  });

  it("is 404 where only other methods are answered", async () => {
    const world = await buildAcmeWorld();
    expect((await head(world, "/acme/jobs")).statusCode).toBe(404);
    expect((await post(world, "/acme/credits", {})).statusCode).toBe(404);
  });

  it("is in no document and no list of operations, and rules and verifications may name it", async () => {
    const world = await buildAcmeWorld();
    const { body: listed } = await control(world.app, "GET", "operations");
    expect(listed.items.map(({ method }: { method: string }) => method)).not.toContain("HEAD");
    const { body: document } = await control(world.app, "GET", "openapi/acme.json");
    expect(JSON.stringify(document)).not.toContain('"head":');
    await head(world, "/acme/credits");
    const when = { operation: "getCredits", method: "HEAD" };
    expect(await control(world.app, "POST", "sandboxes/world/requests/verify", { ...when, count: 1 })).toMatchObject({
      status: 200,
    });
    const add = async (fault: unknown) => control(world.app, "POST", "sandboxes/world/rules", { when, fault });
    expect(await add({ status: 503 })).toMatchObject({ status: 201 });
    expect(await add("SLOW_BODY")).toMatchObject({ status: 400, body: { code: "never-matches" } });
    expect((await head(world, "/acme/credits")).statusCode).toBe(503);
  });
});
