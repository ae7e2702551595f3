/** Tests every limit at its edge: the last allowed value is accepted, and one more is refused. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { buildApp } from "../../../src/app.ts";
import { readConfig, type ConfigInput } from "../../../src/config.ts";
import { vendors } from "../../../src/vendors/index.ts";
import { oxen } from "../../../src/vendors/oxen/index.ts";
import { sync } from "../../../src/vendors/sync/index.ts";
import { vivix } from "../../../src/vendors/vivix/index.ts";
import { buildTestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { ManualWallClock } from "../../support/engine.ts";
import { createOf } from "../../support/provoke.ts";
import { listenForTest } from "../../support/server.ts";
import { lipsync } from "../../support/sync.ts";

const create = { method: "POST", url: "/v2/generate", body: lipsync } as const;

/** Returns a JSON body of exactly this many bytes. */
const bodyOf = (bytes: number): string => `{"x":"${"y".repeat(bytes - 8)}"}`;

describe("--max-body-bytes", () => {
  const creating = vendors.map((vendor) => ({ vendor, name: vendor.name, url: createOf(vendor).path }));

  it.each(creating)("limits the bodies that $name reads, and can only lower its own limit", async ({ vendor, url }) => {
    const world = await buildTestWorld({ maxBodyBytes: 2000 });
    const send = async (bytes: number) =>
      world.send(vendor, "main", {
        method: "POST",
        url,
        headers: { "content-type": "application/json" },
        body: bodyOf(bytes),
      });
    expect((await send(2000)).statusCode).not.toBe(413);
    const refused = await send(2001);
    const { status, body } = vendor.errors.bodyTooLarge();
    expect(refused.statusCode).toBe(status);
    expect(refused.json()).toMatchObject(body as object);
  });

  it("limits the bodies that control reads", async () => {
    const { app } = await buildTestWorld({ maxBodyBytes: 2000 });
    const put = async (bytes: number) =>
      app.inject({
        method: "PUT",
        url: "/_fauxgen/sandboxes/world",
        headers: { "content-type": "application/json", host: "localhost" },
        payload: bodyOf(bytes),
      });
    expect((await put(2000)).json()).toMatchObject({ code: "invalid-request" });
    expect((await put(2001)).json()).toMatchObject({ code: "too-large", status: 413 });
  });
});

describe("--max-sandboxes", () => {
  it("limits the sandboxes that keys and control can create", async () => {
    // `default` and `world` exist already.
    const { app } = await buildTestWorld({ maxSandboxes: 3 });
    const list = async (key: string) =>
      app.inject({ method: "GET", url: "/v2/generations", headers: { "x-api-key": key } });
    expect((await list("fx_third_main")).statusCode).toBe(200);
    const refused = await list("fx_fourth_main");
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ error: "Too Many Requests" });
    expect(refused.headers["x-fauxgen-diagnostic"]).toContain("SANDBOXES_EXHAUSTED");
    expect(await control(app, "PUT", "sandboxes/fourth", {})).toMatchObject({
      status: 429,
      body: { code: "too-many-sandboxes" },
    });
    expect((await list("fx_third_other")).statusCode).toBe(200);
    await control(app, "DELETE", "sandboxes/third");
    expect((await list("fx_fourth_main")).statusCode).toBe(200);
  });
});

describe("--max-generations", () => {
  it("limits the generations of a sandbox until one is deleted or the sandbox is reset", async () => {
    const world = await buildTestWorld({ maxGenerations: 2 });
    const { app, send, advance } = world;
    const ids: string[] = [];
    for (let made = 0; made < 2; made += 1) {
      const response = await send(sync, "main", create);
      expect(response.statusCode).toBe(201);
      ids.push(response.json<{ id: string }>().id);
    }
    const refused = await send(sync, "main", create);
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ error: "Too Many Requests" });
    expect(refused.headers["x-fauxgen-diagnostic"]).toContain("GENERATIONS_EXHAUSTED");
    expect(await control(app, "POST", "sandboxes/world/generations", { vendor: "sync" })).toMatchObject({
      status: 429,
      body: { code: "too-many-generations" },
    });
    await advance("1m");
    expect((await send(sync, "main", { method: "DELETE", url: `/v2/generations/${ids[0] ?? ""}` })).statusCode).toBe(
      200,
    );
    expect((await send(sync, "main", create)).statusCode).toBe(201);
    expect((await send(sync, "main", create)).statusCode).toBe(429);
    await control(app, "POST", "sandboxes/world/reset");
    expect((await send(sync, "main", create)).statusCode).toBe(201);
  });

  it("charges nothing for a refused create, and does not count generations that were rolled back", async () => {
    const { send } = await buildTestWorld({ maxGenerations: 2 });
    const credits = async (): Promise<unknown> =>
      (await send(vivix, "main", { method: "GET", url: "/api/v1/credits" })).json();
    const before = await credits();
    // Three jobs in one transaction are one over the limit, so none of them is created.
    const three = await send(oxen, "main", {
      method: "POST",
      url: "/api/ai/queue",
      body: { model: "black-forest-labs-flux-2-pro", prompt: "a red fox", num_generations: 3 },
    });
    expect(three.statusCode).toBe(429);
    expect(three.headers["x-fauxgen-diagnostic"]).toContain("GENERATIONS_EXHAUSTED");
    expect((await send(sync, "main", create)).statusCode).toBe(201);
    expect((await send(sync, "main", create)).statusCode).toBe(201);
    const job = { model: "gpt-image-2", prompt: "a red fox" };
    expect((await send(vivix, "main", { method: "POST", url: "/api/v1/generate", body: job })).statusCode).toBe(429);
    expect(await credits()).toEqual(before);
  });
});

describe("--max-held", () => {
  it("limits the held requests of all sandboxes; vendors and control refuse the next one", async () => {
    const { url, app } = await listenForTest({ maxHeld: 2 });
    const made = await fetch(`${url}/v2/generate`, {
      method: "POST",
      headers: { "x-api-key": "fx_full_main", "content-type": "application/json" },
      body: JSON.stringify({
        ...lipsync,
        input: [{ type: "video", url: "https://media.test/fauxgen:stuck.mp4" }, lipsync.input[1]],
      }),
    });
    const { id } = (await made.json()) as { id: string };
    const wait = async (): Promise<Response> =>
      fetch(`${url}/v2/generate/${id}?wait=true`, { headers: { "x-api-key": "fx_full_main" } });
    const held = [wait(), wait()];
    const waiters = `${url}/_fauxgen/sandboxes/full/waiters`;
    await expect.poll(async () => ((await (await fetch(waiters)).json()) as { total: number }).total).toBe(2);
    const refused = await wait();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: "Too Many Requests" });
    expect(refused.headers.get("x-fauxgen-diagnostic")).toContain("HELD_EXHAUSTED");
    const late = await fetch(`${waiters}?count=3&within=1m`);
    expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([429, "too-many-held"]);
    const blocked = await fetch(`${url}/api/ai/images/generate`, {
      method: "POST",
      headers: { authorization: "Bearer fx_full_main", "content-type": "application/json" },
      body: JSON.stringify({ model: "black-forest-labs-flux-2-pro", prompt: "a red fox" }),
    });
    expect(blocked.status).toBe(429);
    // The refused request created nothing.
    expect(app.httpContext.sandboxes.obtain("full").generations.count({ vendor: "oxen" })).toBe(0);
    await fetch(`${url}/_fauxgen/sandboxes/full/reset`, { method: "POST" });
    for (const answer of held) expect((await answer).status).toBe(200);
    expect(app.httpContext.held.count).toBe(0);
  });
});

describe("--max-followers", () => {
  it("limits the event streams of vendors and control together", async () => {
    const { url, app } = await listenForTest({ maxFollowers: 2 });
    const headers = { authorization: "Bearer fx_full_main" };
    const leave = new AbortController();
    const follow = async (path: string): Promise<Response> => fetch(`${url}${path}`, { headers, signal: leave.signal });
    expect((await follow("/api/events")).status).toBe(200);
    expect((await follow("/_fauxgen/events")).status).toBe(200);
    const refused = await follow("/api/events");
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { type: "rate_limit_exceeded" } });
    expect(refused.headers.get("x-fauxgen-diagnostic")).toContain("FOLLOWERS_EXHAUSTED");
    const problem = await follow("/_fauxgen/sandboxes/full/events");
    expect([problem.status, ((await problem.json()) as { code: string }).code]).toEqual([429, "too-many-followers"]);
    leave.abort();
    await expect.poll(() => app.httpContext.followers.count).toBe(0);
    const again = new AbortController();
    expect((await fetch(`${url}/api/events`, { headers, signal: again.signal })).status).toBe(200);
    again.abort();
  });
});

describe("--max-headers and --max-header-bytes", () => {
  const statusOf = async (port: number, lines: readonly string[]): Promise<string> => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("latin1").on("data", (part: string) => (answer += part));
    socket.on("error", () => undefined);
    socket.write(`GET /v2/healthcheck HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    await new Promise((resolve) => socket.once("close", resolve));
    return answer.split("\r\n", 1)[0] ?? "";
  };
  const named = (count: number): string[] => [
    "host: localhost",
    "connection: close",
    ...Array.from({ length: count - 2 }, (_, index) => `x-${index}: y`),
  ];

  it("limit the number of request headers", async () => {
    const { port } = await listenForTest({ maxHeaders: 50 });
    expect(await statusOf(port, named(50))).toBe("HTTP/1.1 200 OK");
    expect(await statusOf(port, named(51))).toBe("HTTP/1.1 431 Request Header Fields Too Large");
    expect(await statusOf(port, named(2500))).toBe("HTTP/1.1 431 Request Header Fields Too Large");
  });

  it("limit the bytes of request headers", async () => {
    const { port } = await listenForTest({ maxHeaderBytes: 8192 });
    const padded = (bytes: number): string[] => [...named(2), `x: ${"y".repeat(bytes)}`];
    expect(await statusOf(port, padded(7000))).toBe("HTTP/1.1 200 OK");
    expect(await statusOf(port, padded(8192))).toBe("HTTP/1.1 431 Request Header Fields Too Large");
  });
});

describe("--journal-entries", () => {
  it("limits the requests that the journal keeps, and the journal counts the dropped ones", async () => {
    const { app, send } = await buildTestWorld({ journalEntries: 3 });
    const journal = async () => (await control(app, "GET", "sandboxes/world/requests")).body;
    for (let sent = 0; sent < 3; sent += 1) await send(sync, "main", { method: "GET", url: "/v2/generations" });
    expect(await journal()).toMatchObject({ total: 3, evicted: 0 });
    await send(sync, "main", { method: "GET", url: "/v2/generations" });
    expect(await journal()).toMatchObject({ total: 3, evicted: 1 });
  });
});

describe("--journal-bytes", () => {
  it("limits the bytes of requests and answers together, but the last entry always stays", async () => {
    // An entry counts as 1024 bytes plus its bodies, so 3000 bytes hold two small entries.
    const { app, send } = await buildTestWorld({ journalBytes: 3000 });
    const journal = async () => (await control(app, "GET", "sandboxes/world/requests")).body;
    const ask = async (bytes: number) =>
      send(sync, "main", {
        method: "POST",
        url: "/v2/generate",
        headers: { "content-type": "application/json" },
        body: bodyOf(bytes),
      });
    for (let sent = 0; sent < 2; sent += 1) await ask(20);
    expect(await journal()).toMatchObject({ total: 2, evicted: 0 });
    await ask(20);
    expect(await journal()).toMatchObject({ total: 2, evicted: 1 });
    await ask(4000);
    expect(await journal()).toMatchObject({ total: 1, evicted: 3, items: [{ request: { bytes: 4000 } }] });
  });
});

describe("--sandbox-ttl", () => {
  const buildWith = async (values: ConfigInput) => {
    const wall = new ManualWallClock();
    const config = readConfig([{ values: { logLevel: "silent", sandboxTtl: "10m", ...values }, nameOf: String }]);
    const app = await buildApp({ config, vendors, wall });
    onTestFinished(async () => {
      await app.close();
    });
    const use = async (name: string) =>
      app.inject({ method: "GET", url: "/v2/generations", headers: { "x-api-key": `fx_${name}_main` } });
    const names = (): string[] => app.httpContext.sandboxes.all().map(({ name }) => name);
    return { app, wall, use, names };
  };

  it("drops sandboxes that were idle for that long, but never the default one", async () => {
    const { wall, use, names } = await buildWith({});
    await use("used");
    await use("idle");
    wall.pass(9 * 60_000);
    await use("used");
    expect(names()).toEqual(["default", "used", "idle"]);
    wall.pass(5 * 60_000);
    expect(names()).toEqual(["default", "used"]);
    wall.pass(60 * 60_000);
    expect(names()).toEqual(["default"]);
  });

  it("counts from the end of an event stream, and a sandbox that cannot be dropped blocks no other", async () => {
    const { app, wall, use, names } = await buildWith({});
    const url = await app.listen({ port: 0 });
    for (const name of ["followed", "stubborn", "idle"]) await use(name);
    const reader = new AbortController();
    await fetch(`${url}/_fauxgen/sandboxes/followed/events`, { signal: reader.signal });
    const logged = vi.spyOn(app.log, "error");
    const stubborn = app.httpContext.sandboxes.obtain("stubborn");
    const closing = vi.spyOn(stubborn, "close").mockImplementation(() => {
      throw new Error("no");
    });
    wall.pass(20 * 60_000);
    expect(names()).toEqual(["default", "followed", "stubborn"]);
    expect(logged).toHaveBeenCalled();
    closing.mockRestore();
    wall.pass(5 * 60_000);
    expect(names()).toEqual(["default", "followed"]);
    reader.abort();
    await expect.poll(() => app.httpContext.followers.count).toBe(0);
    wall.pass(9 * 60_000);
    expect(names()).toEqual(["default", "followed"]);
    wall.pass(5 * 60_000);
    expect(names()).toEqual(["default"]);
  });

  it("does not drop the sandboxes of a --data file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-idle-"));
    const { wall, use, names } = await buildWith({ data: join(folder, "data.db") });
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    await use("kept");
    wall.pass(24 * 3_600_000);
    expect(names()).toEqual(["default", "kept"]);
  });
});

it("every vendor reads a body of its own limit, and refuses one byte more", async () => {
  const world = await buildTestWorld();
  for (const vendor of vendors.filter(({ bodyLimit }) => bodyLimit <= 1024 * 1024)) {
    const { path: url } = createOf(vendor);
    const send = async (bytes: number) =>
      world.send(vendor, "main", {
        method: "POST",
        url,
        headers: { "content-type": "application/json" },
        body: bodyOf(bytes),
      });
    expect((await send(vendor.bodyLimit)).statusCode).not.toBe(413);
    expect((await send(vendor.bodyLimit + 1)).statusCode).toBe(vendor.errors.bodyTooLarge().status);
  }
});
