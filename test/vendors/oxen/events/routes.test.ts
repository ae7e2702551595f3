/** Tests GET /api/events over real sockets: the bytes of its events, their readers, and the end of a stream. */
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { buildApp } from "../../../../src/app.ts";
import { readConfig } from "../../../../src/config.ts";
import { advance } from "../../../../src/engine/sandbox/advance.ts";
import { createWallClock } from "../../../../src/engine/base/clock.ts";
import type { Sandbox } from "../../../../src/engine/sandbox/sandbox.ts";
import { vendors } from "../../../../src/vendors/index.ts";
import { listenForTest } from "../../../support/server.ts";
import { worldIn } from "../../../support/app.ts";
import { postJson } from "../../../support/requests.ts";

const SANDBOX = "events";

interface Reader {
  readonly headers: Headers;
  /** Everything read so far. */
  readonly text: () => string;
  /** Resolves once `wanted` has been read. */
  readonly until: (wanted: string | RegExp) => Promise<void>;
  readonly ended: Promise<void>;
  readonly close: () => void;
}

async function follow(url: string, account = "main"): Promise<Reader> {
  const cut = new AbortController();
  onTestFinished(() => {
    cut.abort();
  });
  const response = await fetch(`${url}/api/events`, {
    headers: { authorization: `Bearer fx_${SANDBOX}_${account}` },
    signal: cut.signal,
  });
  expect(response.status).toBe(200);
  let text = "";
  const waiting = new Set<() => void>();
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        for (const look of waiting) look();
      }
    } catch {
      // The test aborted the request.
    }
  };
  const ended = read();
  return {
    headers: response.headers,
    text: () => text,
    until: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (typeof wanted === "string" ? !text.includes(wanted) : !wanted.test(text)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    ended,
    close: () => {
      cut.abort();
    },
  };
}

async function enqueue(url: string, prompt: string, account = "main", target: object = {}): Promise<string> {
  const body = { model: "flux-3-image", prompt, ...target };
  const response = await postJson(`${url}/api/ai/queue`, body, { authorization: `Bearer fx_${SANDBOX}_${account}` });
  const { generations } = (await response.json()) as { generations: { generation_id: string }[] };
  return generations[0]?.generation_id ?? "";
}

async function startFrozen(): Promise<{ url: string; sandbox: Sandbox; pass: (ms: number) => Promise<unknown> }> {
  const { url, app } = await listenForTest();
  const { sandbox } = worldIn(app, SANDBOX);
  return { url, sandbox, pass: (ms) => advance(sandbox, (now) => now + ms) };
}

describe("GET /api/events", () => {
  it("the event of a succeeded generation has the documented bytes", async () => {
    const { url, pass } = await startFrozen();
    const reader = await follow(url);
    expect(reader.headers.get("content-type")).toBe("text/event-stream");
    const id = await enqueue(url, "an ox at dawn");
    await pass(10_000);
    await reader.until("\n\n");
    const [line = "", data = "", ...rest] = reader.text().split("\n");
    expect(line).toBe("event: media_generation_completed");
    expect(data).toMatch(
      new RegExp(
        `^data: \\{"generation_id":"${id}","status":"succeeded","media_type":"image","model":"flux-3-image","url":"${url}/api/repos/[^"]+"\\}$`,
      ),
    );
    expect(rest).toEqual(["", ""]);
    const { url: result } = JSON.parse(data.slice(6)) as { url: string };
    expect((await fetch(result)).status).toBe(200);
  });

  it("the event of a failed generation has no model and url, and a cancelled one sends no event", async () => {
    const { url, pass } = await startFrozen();
    const reader = await follow(url);
    const cancelled = await enqueue(url, "an ox");
    await fetch(`${url}/api/ai/queue/${cancelled}`, {
      method: "DELETE",
      headers: { authorization: `Bearer fx_${SANDBOX}_main` },
    });
    const failed = await enqueue(url, "fauxgen:fail an ox");
    await pass(10_000);
    await reader.until(failed);
    await reader.until("\n\n");
    expect(reader.text()).toMatch(
      new RegExp(
        `^event: media_generation_completed\ndata: \\{"generation_id":"${failed}","status":"failed","media_type":"image","error":"[^"]+"\\}\n\n$`,
      ),
    );
  });

  it("a reader gets only events of its account that happen after it connected", async () => {
    const { url, pass } = await startFrozen();
    const missed = await enqueue(url, "early");
    await pass(10_000);
    const [mine, others] = [await follow(url), await follow(url, "other")];
    const id = await enqueue(url, "mine");
    const theirs = await enqueue(url, "theirs", "other");
    await pass(10_000);
    await Promise.all([mine.until(id), others.until(theirs)]);
    expect(mine.text()).not.toContain(theirs);
    expect(mine.text()).not.toContain(missed);
    expect(others.text()).not.toContain(id);
  });

  it("only the requesting user gets the event of an organisation's generation", async () => {
    const { url, pass } = await startFrozen();
    const [mine, others] = [await follow(url), await follow(url, "other")];
    const shared = await enqueue(url, "shared", "main", { target_namespace: "team" });
    const theirs = await enqueue(url, "theirs", "other");
    await pass(10_000);
    await Promise.all([mine.until(shared), others.until(theirs)]);
    expect(others.text()).not.toContain(shared);
  });

  it("every reader of an account gets each event", async () => {
    const { url, pass } = await startFrozen();
    const readers = await Promise.all(Array.from({ length: 5 }, () => follow(url)));
    const id = await enqueue(url, "an ox");
    await pass(10_000);
    await Promise.all(readers.map((reader) => reader.until(id)));
    expect(readers.every((reader) => reader.text().split("event: ").length === 2)).toBe(true);
  });

  it("an event follows the response to its create, however fast the generation ends", async () => {
    const { port, url } = await listenForTest({ timing: "instant" });
    const order: string[] = [];
    const listening = connect(port, "127.0.0.1").setEncoding("utf8");
    const opened = new Promise<void>((resolve) => {
      listening.on("data", (text: string) => {
        if (text.startsWith("HTTP/1.1 200")) resolve();
        if (text.includes("event: ")) order.push("event");
      });
    });
    onTestFinished(() => {
      listening.destroy();
    });
    listening.write(`GET /api/events HTTP/1.1\r\nhost: test\r\nauthorization: Bearer fx_${SANDBOX}_main\r\n\r\n`);
    await opened;
    const creating = connect(port, "127.0.0.1").setEncoding("utf8");
    creating.on("data", () => order.push("answer"));
    const body = JSON.stringify({ model: "flux-3-image", prompt: "an ox" });
    creating.write(
      `POST /api/ai/queue HTTP/1.1\r\nhost: test\r\nauthorization: Bearer fx_${SANDBOX}_main\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const reader = await follow(url);
    await new Promise<void>((resolve) => {
      listening.on("data", (text: string) => {
        if (text.includes("event: ")) resolve();
      });
      if (order.includes("event")) resolve();
    });
    creating.destroy();
    reader.close();
    expect(order).toEqual(["answer", "event"]);
  });

  it("a stream that a rule edits begins with the events of the rule, and goes on with the vendor's", async () => {
    const { url, sandbox, pass } = await startFrozen();
    const events = [
      { event: "deployment_updated", data: { status: "succeeded" } },
      { event: "notice", data: "one\ntwo" },
    ];
    sandbox.rules.add({ when: { operation: "followEvents" }, fault: { edit: { events } }, times: 1 }, "control");
    const edited = await follow(url);
    const usual = await follow(url);
    const id = await enqueue(url, "an ox");
    await pass(10_000);
    await Promise.all([edited.until(id), usual.until(id)]);
    const first = 'event: deployment_updated\ndata: {"status":"succeeded"}\n\nevent: notice\ndata: "one\\ntwo"\n\n';
    expect(edited.text()).toBe(first + usual.text());
    expect(usual.text()).toMatch(/^event: media_generation_completed\n/);
  });

  it("an idle stream sends `: keep-alive` every 15 s of real time, even on a frozen clock", async () => {
    const wall = createWallClock();
    const waits: number[] = [];
    const app = await buildApp({
      config: readConfig([{ values: { logLevel: "silent" }, nameOf: String }]),
      vendors,
      wall: {
        ...wall,
        now: () => wall.now(),
        after: (delayMs, callback) => {
          waits.push(delayMs);
          return wall.after(delayMs / 300, callback);
        },
      },
    });
    onTestFinished(() => app.close());
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    worldIn(app, SANDBOX);
    const reader = await follow(url);
    await reader.until(": keep-alive\n\n: keep-alive\n\n");
    expect(waits.filter((delayMs) => delayMs === 15_000).length).toBeGreaterThanOrEqual(2);
    expect(reader.text().replaceAll(": keep-alive\n\n", "")).toBe("");
  });

  it("the event stream needs a key", async () => {
    const { url } = await listenForTest();
    expect((await fetch(`${url}/api/events`)).status).toBe(401);
  });

  it("a stream survives a reset, ends with the server, and is cleaned up when its reader disconnects", async () => {
    const server = await listenForTest();
    const sandbox = server.app.httpContext.sandboxes.obtain(SANDBOX);
    const leaving = await follow(server.url);
    server.app.httpContext.sandboxes.reset(sandbox);
    await leaving.until(await enqueue(server.url, "an ox"));
    expect(sandbox.events.isFollowed).toBe(true);
    const gone = new Promise<void>((resolve) => {
      const stop = sandbox.events.follow((event) => {
        if (event.kind !== "request.finished" || event.operation !== "followEvents") return;
        stop();
        resolve();
      });
    });
    leaving.close();
    await gone;
    expect(sandbox.events.isFollowed).toBe(false);
    const staying = await follow(server.url);
    const began = performance.now();
    await server.close();
    await staying.ended;
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
