/** Tests held requests over real sockets, partly in real time, with clients that disconnect. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { advance } from "../../src/engine/sandbox/advance.ts";
import type { RunningServer } from "../../src/start.ts";
import { listenForTest } from "../support/server.ts";
import { worldIn } from "../support/app.ts";
import { lipsync, marked, postGenerationTo } from "../support/sync.ts";
import { untilHeld } from "../support/waiting.ts";

const KEY = "fx_held_main";

interface SyncGeneration {
  readonly id: string;
  readonly status: string;
}

async function create(url: string, body: unknown = lipsync): Promise<SyncGeneration> {
  const response = await postGenerationTo(url, { "x-api-key": KEY }, body);
  expect(response.status).toBe(201);
  return (await response.json()) as SyncGeneration;
}

const wait = async (
  url: string,
  id: string,
  query = "",
): Promise<{ status: number; generation: SyncGeneration; atMs: number }> => {
  const response = await fetch(`${url}/v2/generate/${id}?wait=true${query}`, { headers: { "x-api-key": KEY } });
  const generation = (await response.json()) as SyncGeneration;
  return { status: response.status, generation, atMs: performance.now() };
};

describe("wait=true", () => {
  it("holds a real socket for the whole 55 s if nothing ends, and answers 200 with the present state", async () => {
    const { url } = await listenForTest();
    const { id } = await create(url, marked("stuck"));
    const began = performance.now();
    const [long, tooLong, usual] = await Promise.all([
      wait(url, id, "&timeout=55"),
      wait(url, id, "&timeout=600"),
      wait(url, id),
    ]);
    for (const answer of [long, tooLong, usual])
      expect(answer).toMatchObject({ status: 200, generation: { id, status: "PROCESSING" } });
    const seconds = (atMs: number): number => (atMs - began) / 1000;
    expect(seconds(usual.atMs)).toBeGreaterThanOrEqual(30);
    expect(seconds(usual.atMs)).toBeLessThan(31);
    for (const { atMs } of [long, tooLong]) {
      expect(seconds(atMs)).toBeGreaterThanOrEqual(55);
      expect(seconds(atMs)).toBeLessThan(56);
    }
  }, 70_000);

  it("answers a hundred requests on one generation when it ends, and not before", async () => {
    const server = await listenForTest();
    const { sandbox } = worldIn(server.app, "held");
    const { id } = await create(server.url);
    const answers = Array.from({ length: 100 }, () => wait(server.url, id));
    await untilHeld(sandbox, 100);
    await advance(sandbox, (now) => now + 1999);
    expect(sandbox.heldRequests.count).toBe(100);
    await advance(sandbox, (now) => now + 1);
    expect(sandbox.heldRequests.count).toBe(0);
    for (const { status, generation } of await Promise.all(answers)) {
      expect(status).toBe(200);
      expect(generation).toMatchObject({ id, status: "COMPLETED" });
    }
  });

  it("ends at its deadline on the sandbox's clock, not in real time", async () => {
    const server = await listenForTest();
    const { sandbox } = worldIn(server.app, "held");
    const { id } = await create(server.url, marked("stuck"));
    const answer = wait(server.url, id, "&timeout=10");
    await untilHeld(sandbox, 1);
    await advance(sandbox, (now) => now + 10_000);
    expect(await answer).toMatchObject({ status: 200, generation: { status: "PROCESSING" } });
  });

  it("releases a request at once when its client disconnects, and serves others", async () => {
    const server = await listenForTest();
    const { sandbox } = worldIn(server.app, "held");
    const { id } = await create(server.url, marked("stuck"));
    const socket = await openHeldRequest(server, id);
    await untilHeld(sandbox, 1);
    const gone = untilHeld(sandbox, 0);
    socket.destroy();
    await gone;
    const [entry] = server.app.httpContext.journals.of(sandbox).entries().slice(-1);
    expect(entry).toMatchObject({ operation: "getGeneration", state: "gone" });
    expect((await fetch(`${server.url}/v2/generate/${id}`, { headers: { "x-api-key": KEY } })).status).toBe(200);
  });

  it("is answered with the last state by a reset, which then leaves nothing", async () => {
    const server = await listenForTest();
    const { sandbox } = worldIn(server.app, "held");
    const { id } = await create(server.url, marked("stuck"));
    const answer = wait(server.url, id);
    await untilHeld(sandbox, 1);
    server.app.httpContext.sandboxes.reset(sandbox);
    expect(await answer).toMatchObject({ status: 200, generation: { id, status: "PENDING" } });
    expect((await fetch(`${server.url}/v2/generate/${id}`, { headers: { "x-api-key": KEY } })).status).toBe(404);
  });

  it("is answered within a second when the server stops, even with keep-alive clients", async () => {
    const server = await listenForTest();
    const { sandbox } = worldIn(server.app, "held");
    const { id } = await create(server.url, marked("stuck"));
    const answers = Array.from({ length: 20 }, () => wait(server.url, id));
    await untilHeld(sandbox, 20);
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(1000);
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ status: 200, generation: { id } });
  });

  it("is in the journal as soon as the request is held", async () => {
    const server = await listenForTest();
    const { sandbox } = worldIn(server.app, "held");
    const { id } = await create(server.url, marked("stuck"));
    const answer = wait(server.url, id, "&timeout=5");
    await untilHeld(sandbox, 1);
    const entries = server.app.httpContext.journals.of(sandbox).entries();
    expect(entries.at(-1)).toMatchObject({ operation: "getGeneration", state: "held", generations: [id] });
    await advance(sandbox, (now) => now + 5000);
    await answer;
    expect(entries.at(-1)).toMatchObject({ state: "answered", status: 200 });
  });
});

async function openHeldRequest({ port }: RunningServer, id: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(`GET /v2/generate/${id}?wait=true HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${KEY}\r\n\r\n`);
  return socket;
}
