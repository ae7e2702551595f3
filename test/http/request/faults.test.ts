/** Tests faults of the connection and of the reply as a client sees them on a socket. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, headersOf, postGeneration, postGenerationTo, readCredits } from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { exchangeRaw, listenOn } from "../../support/socket.ts";

const key = headersOf("world");

const CREDITS = `GET /acme/credits HTTP/1.1
host: x
authorization: Bearer acme_fx_world_main

`;

async function addRule(world: TestWorld, rule: object): Promise<string> {
  const added = await control(world.app, "POST", "sandboxes/world/rules", rule);
  expect(added).toMatchObject({ status: 201 });
  return added.body.id;
}

async function journal(world: TestWorld) {
  return (await control(world.app, "GET", "sandboxes/world/requests")).body.items;
}

async function countGenerations(world: TestWorld): Promise<number> {
  return (await control(world.app, "GET", "sandboxes/world/generations")).body.total;
}

describe("over a real socket,", () => {
  it("CONNECTION_RESET_BY_PEER resets the connection and stores no generation", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const rule = await addRule(world, { when: { vendor: "acme" }, fault: "CONNECTION_RESET_BY_PEER", times: 1 });
    expect(await exchangeRaw(origin, CREDITS)).toEqual({ received: "", ending: "ECONNRESET" });
    expect(await journal(world)).toMatchObject([
      { state: "dropped", status: null, rules: [rule], fault: "CONNECTION_RESET_BY_PEER (before)" },
    ]);
    expect((await postGenerationTo(origin, key)).status).toBe(201);
  });

  it("CONNECTION_RESET_BY_PEER after the handler still creates the job, and the journal names it", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    await addRule(world, { fault: { kind: "CONNECTION_RESET_BY_PEER", when: "after" } });
    await expect(postGenerationTo(origin, key)).rejects.toThrow("fetch failed");
    const [entry] = await journal(world);
    expect(entry).toMatchObject({ state: "dropped", fault: "CONNECTION_RESET_BY_PEER (after)", scenario: "succeed" });
    const { items } = (await control(world.app, "GET", "sandboxes/world/generations")).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual(entry.generations);
  });

  it("EMPTY_RESPONSE closes the connection without a byte", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    await addRule(world, { fault: "EMPTY_RESPONSE" });
    expect(await exchangeRaw(origin, CREDITS)).toEqual({ received: "", ending: "FIN" });
    await expect(postGenerationTo(origin, key)).rejects.toThrow("fetch failed");
    expect(await countGenerations(world)).toBe(0);
  });

  it("NEVER_ANSWER holds the request until the client gives up", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    await addRule(world, { fault: "NEVER_ANSWER" });
    const giveUp = new AbortController();
    const asked = fetch(`${origin}/acme/credits`, { headers: key, signal: giveUp.signal });
    const { items } = (await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s")).body;
    expect(items).toMatchObject([{ kind: "forever", deadline: null, vendor: "acme" }]);
    giveUp.abort();
    await expect(asked).rejects.toThrow("aborted");
    const gone = await control(world.app, "GET", "sandboxes/world/requests?state=gone&count=1&within=5s");
    expect(gone.body.items).toMatchObject([{ fault: "NEVER_ANSWER (before)" }]);
    expect(world.sandbox.heldRequests.count).toBe(0);
  });

  it("NEVER_ANSWER closes the connection when the sandbox is reset", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    await addRule(world, { fault: "NEVER_ANSWER" });
    const asked = exchangeRaw(origin, CREDITS);
    await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s");
    await control(world.app, "POST", "sandboxes/world/reset");
    expect(await asked).toEqual({ received: "", ending: "FIN" });
  });
});

describe("in a damaged reply over a real socket,", () => {
  it("MALFORMED_RESPONSE_CHUNK sends the head, then garbage", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    await addRule(world, { fault: "MALFORMED_RESPONSE_CHUNK" });
    const { received, ending } = await exchangeRaw(origin, CREDITS);
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(received).toContain("transfer-encoding: chunked\r\n");
    expect(received).toContain("\r\n\r\nlskdu018973t09sylgasjkfg1");
    expect(ending).toBe("FIN");
    const answer = await fetch(`${origin}/acme/credits`, { headers: key });
    await expect(answer.json()).rejects.toThrow("terminated");
  });

  it.each([undefined, 10, 0, 100_000])(
    "TRUNCATED_BODY with bytes: %s announces the whole length and then closes the connection",
    async (bytes) => {
      const world = await buildAcmeWorld();
      const origin = await listenOn(world.app);
      const whole = await (await fetch(`${origin}/acme/credits`, { headers: key })).text();
      await addRule(world, { fault: { kind: "TRUNCATED_BODY", ...(bytes !== undefined && { bytes }) } });
      const { received, ending } = await exchangeRaw(origin, CREDITS);
      const [head = "", body] = received.split("\r\n\r\n");
      expect(head).toContain(`content-length: ${whole.length}`);
      expect(body).toBe(whole.slice(0, bytes ?? Math.floor(whole.length / 2)));
      expect(ending).toBe("FIN");
      expect((await journal(world)).at(-1)).toMatchObject({
        state: "dropped",
        status: 200,
        fault: "TRUNCATED_BODY (after)",
      });
    },
  );

  it.each([16, -5])("WRONG_CONTENT_LENGTH announces a length that is off by %i bytes", async (by) => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const whole = await (await fetch(`${origin}/acme/credits`, { headers: key })).text();
    await addRule(world, { fault: { kind: "WRONG_CONTENT_LENGTH", by } });
    const { received } = await exchangeRaw(origin, CREDITS);
    const [head = "", body] = received.split("\r\n\r\n");
    expect(head).toContain(`content-length: ${whole.length + by}`);
    expect(body).toBe(whole);
  });

  it("SLOW_BODY sends the whole body in pieces, in real time", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const whole = await (await fetch(`${origin}/acme/credits`, { headers: key })).text();
    await addRule(world, { fault: { kind: "SLOW_BODY", during: "300ms" } });
    const began = performance.now();
    const answer = await fetch(`${origin}/acme/credits`, { headers: key });
    const headTook = performance.now() - began;
    expect(await answer.text()).toBe(whole);
    const tookMs = performance.now() - began;
    expect(tookMs).toBeGreaterThan(280);
    expect(headTook).toBeLessThan(tookMs - 100);
    expect((await journal(world)).at(-1)).toMatchObject({ state: "answered", status: 200 });
  });

  it("damage keeps the headers that the vendor sends", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    await addRule(world, { fault: "TRUNCATED_BODY" });
    expect((await exchangeRaw(origin, CREDITS)).received).toMatch(/x-acme-request: [0-9a-f-]{36}/i);
  });
});

describe("a rule", () => {
  it("answers a status with the vendor's own error of that status", async () => {
    const world = await buildAcmeWorld();
    await addRule(world, { fault: { status: 503 } });
    const answer = await postGeneration(world);
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: "unavailable" });
    expect(answer.headers["x-fauxgen-diagnostic"]).toMatch(/^FAULT_APPLIED: rule-1: STATUS 503/);
    expect(await countGenerations(world)).toBe(0);
  });

  it("answers a status that the vendor has no error for, with or without the rule's body", async () => {
    const world = await buildAcmeWorld();
    const credits = async () => readCredits(world);
    await addRule(world, { fault: { status: 418 } });
    expect(await credits()).toMatchObject({ statusCode: 418, body: "" });
    await addRule(world, {
      fault: { status: 502, body: "<h1>Bad gateway</h1>", headers: { "content-type": "text/html" } },
    });
    expect(await credits()).toMatchObject({
      statusCode: 502,
      body: "<h1>Bad gateway</h1>",
      headers: { "content-type": "text/html" },
    });
    await addRule(world, { fault: { status: 200, body: { surprise: true } } });
    expect((await credits()).json()).toEqual({ surprise: true });
  });

  it.each([[{ oops: true }], [{ error: "MINE", message: "of the test" }], ["<html>gateway</html>"], [[1, 2]]])(
    "answers its fault body %j unchanged, and the journal keeps it",
    async (body) => {
      const world = await buildAcmeWorld();
      await addRule(world, { fault: { status: 502, body } });
      const answer = await readCredits(world);
      expect(answer.statusCode).toBe(502);
      expect(answer.body).toBe(typeof body === "string" ? body : JSON.stringify(body));
      expect((await journal(world))[0].response).toEqual({ body, bytes: answer.body.length, retryAfter: null });
    },
  );

  it("explains a 429 on a frozen clock with a diagnostic", async () => {
    const world = await buildAcmeWorld();
    await addRule(world, { fault: { rateLimit: true } });
    const limited = await readCredits(world);
    expect(limited.statusCode).toBe(429);
    expect(limited.headers["x-fauxgen-diagnostic"]).toContain("RATE_LIMIT_ON_FROZEN_CLOCK");
    await control(world.app, "POST", "sandboxes/world/clock/resume");
    const again = await readCredits(world);
    expect(again.headers["x-fauxgen-diagnostic"]).not.toContain("RATE_LIMIT_ON_FROZEN_CLOCK");
  });

  it("answers the vendor's error with the code in its fault", async () => {
    const world = await buildAcmeWorld();
    await addRule(world, { fault: { error: "no_credits" } });
    const answer = await readCredits(world);
    expect(answer.statusCode).toBe(402);
    expect(answer.json()).toMatchObject({ code: "no_credits", request: answer.headers["x-acme-request"] });
  });

  it("answers a rate limit with the vendor's 429 and Retry-After", async () => {
    const world = await buildAcmeWorld();
    await addRule(world, { fault: { rateLimit: { retryAfterSeconds: 7 } }, times: 1 });
    const credits = async () => readCredits(world);
    const limited = await credits();
    expect(limited).toMatchObject({ statusCode: 429, headers: { "retry-after": "7" } });
    expect(limited.json()).toMatchObject({ code: "slow_down" });
    expect((await credits()).statusCode).toBe(200);
  });

  it("counts its own rate limit in windows of the sandbox's clock", async () => {
    const world = await buildAcmeWorld();
    const rule = await addRule(world, { fault: { rateLimit: { limit: 2, per: "10s" } } });
    const credits = async () => (await readCredits(world)).statusCode;
    expect([await credits(), await credits(), await credits()]).toEqual([200, 200, 429]);
    await world.advance("10s");
    expect(await credits()).toBe(200);
    expect((await control(world.app, "GET", `sandboxes/world/rules/${rule}`)).body).toMatchObject({
      hits: 1,
      matches: 4,
    });
  });
});

describe("a latency fault", () => {
  it("waits on the sandbox's clock, so that an advance ends the wait", async () => {
    const world = await buildAcmeWorld();
    await addRule(world, { fault: { latency: "30s" } });
    const asked = postGeneration(world);
    const { items } = (await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s")).body;
    expect(items).toMatchObject([{ kind: "latency", generation: null }]);
    expect(Date.parse(items[0].deadline) - Date.parse(items[0].since)).toBe(30_000);
    expect(await countGenerations(world)).toBe(0);
    const advanced = await control(world.app, "POST", "sandboxes/world/clock/advance", { by: "30s" });
    expect(advanced.body.fired).toMatchObject([{ kind: "deadline" }]);
    const created = (await asked).json<{ createdAt: string }>();
    expect(created.createdAt).toBe(advanced.body.now);
  });

  it("delays the error that the same rule answers", async () => {
    const world = await buildAcmeWorld();
    await addRule(world, { fault: { latency: "5s", status: 500 } });
    const asked = readCredits(world);
    await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s");
    await world.advance("5s");
    expect((await asked).statusCode).toBe(500);
  });

  it("with when: after, delays the reply but not the create", async () => {
    const world = await buildAcmeWorld();
    await addRule(world, { fault: { latency: "5s", when: "after" } });
    const asked = postGeneration(world);
    await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s");
    expect(await countGenerations(world)).toBe(1);
    await world.advance("5s");
    expect((await asked).json()).toMatchObject({ state: "waiting" });
  });

  it("draws each delay of its range by the seed: the same in a fresh sandbox, different per request", async () => {
    const delays = async () => {
      const world = await buildAcmeWorld();
      await addRule(world, { fault: { latency: { min: "1s", max: "60s" } } });
      const asked = [0, 1, 2].map(async () => readCredits(world));
      const { items } = (await control(world.app, "GET", "sandboxes/world/waiters?count=3&within=5s")).body;
      await world.advance("1m");
      await Promise.all(asked);
      return items.map(
        ({ since, deadline }: { since: string; deadline: string }) => Date.parse(deadline) - Date.parse(since),
      );
    };
    const first = await delays();
    expect(new Set(first).size).toBe(3);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...first)).toBeLessThanOrEqual(60_000);
    expect(await delays()).toEqual(first);
  });

  it("carries out nothing if the sandbox is reset during the delay", async () => {
    const world = await buildAcmeWorld();
    await addRule(world, { fault: { latency: "30s" } });
    const asked = postGeneration(world);
    await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s");
    await control(world.app, "POST", "sandboxes/world/reset");
    const answer = await asked;
    expect(answer.statusCode).toBe(500);
    expect(answer.headers["x-fauxgen-diagnostic"]).toContain("SANDBOX_WAS_RESET");
    expect(await countGenerations(world)).toBe(0);
    expect((await control(world.app, "GET", "sandboxes/world/requests")).body.total).toBe(0);
  });
});

describe("a fault", () => {
  it("also applies to downloads of output files", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    await postGenerationTo(origin, key);
    await world.advance("10s");
    const { items } = (await control(world.app, "GET", "sandboxes/world/generations")).body;
    const url = `${origin}/_media/world/acme/${items[0].id}.jpg`;
    const whole = await (await fetch(url)).arrayBuffer();
    await addRule(world, {
      when: { vendor: "acme", operation: "downloadOutput", generation: items[0].id },
      fault: "TRUNCATED_BODY",
      times: 1,
    });
    await expect(fetch(url).then(async (answer) => answer.arrayBuffer())).rejects.toThrow("terminated");
    await addRule(world, { when: { operation: "downloadOutput" }, fault: { status: 403 }, times: 1 });
    expect((await fetch(url)).status).toBe(403);
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(whole.byteLength);
  });
});

describe("a fault on a held request", () => {
  async function held(world: TestWorld, origin: string, fault: object | string) {
    const created = await postGenerationTo(origin, key);
    const { id } = (await created.json()) as { id: string };
    await addRule(world, { when: { vendor: "acme", operation: "getGeneration", generation: id }, fault });
    const asked = exchangeRaw(
      origin,
      `GET /acme/jobs/${id}?wait=true HTTP/1.1\nhost: x\nauthorization: Bearer acme_fx_world_main\n\n`,
    );
    await control(world.app, "GET", `sandboxes/world/waiters?count=1&within=5s&generation=${id}`);
    return asked;
  }

  it("with when: after, keeps the request held and then breaks its answer", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const asked = held(world, origin, { kind: "CONNECTION_RESET_BY_PEER", when: "after" });
    await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s&kind=end");
    const advanced = await control(world.app, "POST", "sandboxes/world/clock/advance", { by: "10s" });
    expect(advanced.body.unsettled).toEqual([]);
    expect(await asked).toEqual({ received: "", ending: "ECONNRESET" });
    expect((await journal(world)).at(-1)).toMatchObject({
      state: "dropped",
      fault: "CONNECTION_RESET_BY_PEER (after)",
    });
  });

  it("damages the answer once the generation has ended", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const asked = held(world, origin, "TRUNCATED_BODY");
    await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s&kind=end");
    await control(world.app, "POST", "sandboxes/world/clock/advance", { by: "10s" });
    const { received, ending } = await asked;
    expect(received).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(received).not.toMatch(/}$/);
    expect(ending).toBe("FIN");
  });
});
