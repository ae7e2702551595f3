/** Tests every limit at its edge: the last allowed value is accepted, and one more is refused. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { buildApp } from "../../../src/app.ts";
import { readConfig, type ConfigInput } from "../../../src/config.ts";
import {
  buildAcmeWorld,
  headersOf,
  listenWithAcme,
  madeUpVendors,
  marked,
  picture,
  post,
  postGeneration,
  postGenerationTo,
  readCredits,
  remove,
} from "../../support/acme.ts";
import { control } from "../../support/control.ts";
import { ManualWallClock } from "../../support/engine.ts";
import { postJson } from "../../support/requests.ts";

/** Returns a JSON body of exactly this many bytes. */
const bodyOf = (bytes: number): string => `{"x":"${"y".repeat(bytes - 8)}"}`;

describe("--max-body-bytes", () => {
  it("limits the bodies that control reads", async () => {
    const { app } = await buildAcmeWorld({ maxBodyBytes: 2000 });
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
    const { app } = await buildAcmeWorld({ maxSandboxes: 3 });
    const list = async (key: string) =>
      app.inject({ method: "GET", url: "/acme/credits", headers: { authorization: `Bearer ${key}` } });
    expect((await list("fx_third_main")).statusCode).toBe(200);
    const refused = await list("fx_fourth_main");
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: "slow_down" });
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
    const world = await buildAcmeWorld({ maxGenerations: 2 });
    const { app, advance } = world;
    const ids: string[] = [];
    for (let made = 0; made < 2; made += 1) {
      const response = await postGeneration(world);
      expect(response.statusCode).toBe(201);
      ids.push(response.json<{ id: string }>().id);
    }
    const refused = await postGeneration(world);
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: "slow_down" });
    expect(refused.headers["x-fauxgen-diagnostic"]).toContain("GENERATIONS_EXHAUSTED");
    expect(await control(app, "POST", "sandboxes/world/generations", { vendor: "acme" })).toMatchObject({
      status: 429,
      body: { code: "too-many-generations" },
    });
    await advance("1m");
    expect((await remove(world, `/acme/jobs/${ids[0] ?? ""}`)).statusCode).toBe(200);
    expect((await postGeneration(world)).statusCode).toBe(201);
    expect((await postGeneration(world)).statusCode).toBe(429);
    await control(app, "POST", "sandboxes/world/reset");
    expect((await postGeneration(world)).statusCode).toBe(201);
  });

  it("charges nothing for a refused create, and does not count generations that were rolled back", async () => {
    const world = await buildAcmeWorld({ maxGenerations: 2 });
    const credits = async (): Promise<unknown> => (await readCredits(world)).json();
    const before = await credits();
    // Three jobs in one transaction are one over the limit, so none of them is created.
    const three = await post(world, "/acme/batches", { jobs: [picture, picture, picture] });
    expect(three.statusCode).toBe(429);
    expect(three.headers["x-fauxgen-diagnostic"]).toContain("GENERATIONS_EXHAUSTED");
    expect(await credits()).toEqual(before);
    expect((await postGeneration(world)).statusCode).toBe(201);
    expect((await postGeneration(world)).statusCode).toBe(201);
    const afterTwo = await credits();
    expect((await postGeneration(world)).statusCode).toBe(429);
    expect(await credits()).toEqual(afterTwo);
  });
});

describe("--max-held", () => {
  it("limits the held requests of all sandboxes; vendors and control refuse the next one", async () => {
    const { url, app } = await listenWithAcme({ maxHeld: 2 });
    const headers = headersOf("full");
    const made = await postGenerationTo(url, headers, marked("stuck"));
    const { id } = (await made.json()) as { id: string };
    const wait = async (): Promise<Response> => fetch(`${url}/acme/jobs/${id}?wait=true`, { headers });
    const held = [wait(), wait()];
    const waiters = `${url}/_fauxgen/sandboxes/full/waiters`;
    await expect.poll(async () => ((await (await fetch(waiters)).json()) as { total: number }).total).toBe(2);
    const refused = await wait();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: "slow_down" });
    expect(refused.headers.get("x-fauxgen-diagnostic")).toContain("HELD_EXHAUSTED");
    const late = await fetch(`${waiters}?count=3&within=1m`);
    expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([429, "too-many-held"]);
    const blocked = await postJson(`${url}/acme/jobs?wait=true`, picture, headers);
    expect(blocked.status).toBe(429);
    // The refused request created nothing.
    expect(app.httpContext.sandboxes.obtain("full").generations.count({ vendor: "acme" })).toBe(1);
    await fetch(`${url}/_fauxgen/sandboxes/full/reset`, { method: "POST" });
    for (const answer of held) expect((await answer).status).toBe(200);
    expect(app.httpContext.held.count).toBe(0);
  });
});

describe("--max-followers", () => {
  it("limits the event streams of vendors and control together", async () => {
    const { url, app } = await listenWithAcme({ maxFollowers: 2 });
    const headers = headersOf("full");
    const leave = new AbortController();
    const follow = async (path: string): Promise<Response> => fetch(`${url}${path}`, { headers, signal: leave.signal });
    expect((await follow("/acme/events")).status).toBe(200);
    expect((await follow("/_fauxgen/events")).status).toBe(200);
    const refused = await follow("/acme/events");
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: "slow_down" });
    expect(refused.headers.get("x-fauxgen-diagnostic")).toContain("FOLLOWERS_EXHAUSTED");
    const problem = await follow("/_fauxgen/sandboxes/full/events");
    expect([problem.status, ((await problem.json()) as { code: string }).code]).toEqual([429, "too-many-followers"]);
    leave.abort();
    await expect.poll(() => app.httpContext.followers.count).toBe(0);
    const again = new AbortController();
    expect((await fetch(`${url}/acme/events`, { headers, signal: again.signal })).status).toBe(200);
    again.abort();
  });
});

describe("--max-headers and --max-header-bytes", () => {
  const statusOf = async (port: number, lines: readonly string[]): Promise<string> => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("latin1").on("data", (part: string) => (answer += part));
    socket.on("error", () => undefined);
    socket.write(`GET /acme/health HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    await new Promise((resolve) => socket.once("close", resolve));
    return answer.split("\r\n", 1)[0] ?? "";
  };
  const named = (count: number): string[] => [
    "host: localhost",
    "connection: close",
    ...Array.from({ length: count - 2 }, (_, index) => `x-${index}: y`),
  ];

  it("limit the number of request headers", async () => {
    const { port } = await listenWithAcme({ maxHeaders: 50 });
    expect(await statusOf(port, named(50))).toBe("HTTP/1.1 200 OK");
    expect(await statusOf(port, named(51))).toBe("HTTP/1.1 431 Request Header Fields Too Large");
    expect(await statusOf(port, named(2500))).toBe("HTTP/1.1 431 Request Header Fields Too Large");
  });

  it("limit the bytes of request headers", async () => {
    const { port } = await listenWithAcme({ maxHeaderBytes: 8192 });
    const padded = (bytes: number): string[] => [...named(2), `x: ${"y".repeat(bytes)}`];
    expect(await statusOf(port, padded(7000))).toBe("HTTP/1.1 200 OK");
    expect(await statusOf(port, padded(8192))).toBe("HTTP/1.1 431 Request Header Fields Too Large");
  });
});

describe("--journal-entries", () => {
  it("limits the requests that the journal keeps, and the journal counts the dropped ones", async () => {
    const world = await buildAcmeWorld({ journalEntries: 3 });
    const { app } = world;
    const journal = async () => (await control(app, "GET", "sandboxes/world/requests")).body;
    for (let sent = 0; sent < 3; sent += 1) await readCredits(world);
    expect(await journal()).toMatchObject({ total: 3, evicted: 0 });
    await readCredits(world);
    expect(await journal()).toMatchObject({ total: 3, evicted: 1 });
  });
});

describe("--journal-bytes", () => {
  it("limits the bytes of requests and answers together, but the last entry always stays", async () => {
    // An entry counts as 1024 bytes plus its bodies, so 3000 bytes hold two small entries.
    const world = await buildAcmeWorld({ journalBytes: 3000 });
    const { app } = world;
    const journal = async () => (await control(app, "GET", "sandboxes/world/requests")).body;
    const ask = async (bytes: number) =>
      postGeneration(world, bodyOf(bytes), { headers: { "content-type": "application/json" } });
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
    const app = await buildApp({ config, vendors: madeUpVendors, wall });
    onTestFinished(async () => {
      await app.close();
    });
    const use = async (name: string) => app.inject({ method: "GET", url: "/acme/credits", headers: headersOf(name) });
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
    await expect.poll(names).toEqual(["default", "followed", "stubborn"]);
    expect(logged).toHaveBeenCalled();
    closing.mockRestore();
    wall.pass(5 * 60_000);
    await expect.poll(names).toEqual(["default", "followed"]);
    reader.abort();
    await expect.poll(() => app.httpContext.followers.count).toBe(0);
    wall.pass(9 * 60_000);
    await expect.poll(names).toEqual(["default", "followed"]);
    wall.pass(5 * 60_000);
    await expect.poll(names).toEqual(["default"]);
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
