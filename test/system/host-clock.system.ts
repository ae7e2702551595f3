/** Runs the installed server under a host clock that is set forward, as after a suspended machine, and back. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { makeProject } from "../package/packed.ts";
import { startReceiver } from "../support/receiver.ts";
import { headersOf, lipsync } from "../support/sync.ts";
import { verifySync } from "../support/verify-webhook.ts";

const HOUR_MS = 3_600_000;

/** Finds the library that fakes the host's clock; Debian's package `libfaketime` has it. */
function faketime(): string {
  const [found] = globSync("/usr/lib/*/faketime/libfaketimeMT.so.1");
  if (found === undefined) throw new Error("libfaketime is needed: apt-get install libfaketime");
  return found;
}

describe("the installed server", () => {
  const packed = inject("packed");
  let project: string;
  beforeAll(async () => {
    project = await makeProject(packed, "host-clock", { "package.json": "{}" });
  }, 120_000);

  /** Starts a server whose host clock is a number of seconds off; `setOffset` changes that while the server runs. */
  async function start() {
    const file = join(project, "offset");
    const setOffset = (seconds: number): void => {
      writeFileSync(file, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}`);
    };
    setOffset(0);
    const cli = join(project, "node_modules", "fauxgen", "dist", "cli.js");
    const child = spawn(process.execPath, [cli, "--port", "0", "--json", "--timing", "queued=1h,processing=2h"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        LD_PRELOAD: faketime(),
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      },
    });
    onTestFinished(async () => {
      child.kill();
      await once(child, "close");
    });
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return { url: (JSON.parse(line) as { url: string }).url, setOffset };
  }

  async function create(url: string, webhookUrl: string): Promise<{ id: string; createdAt: number; date: number }> {
    const response = await fetch(`${url}/v2/generate`, {
      method: "POST",
      headers: { ...headersOf("default"), "content-type": "application/json" },
      body: JSON.stringify({ ...lipsync, webhookUrl }),
    });
    const { id, createdAt } = (await response.json()) as { id: string; createdAt: string };
    return { id, createdAt: Date.parse(createdAt), date: Date.parse(response.headers.get("date") ?? "") };
  }

  const expectNear = (instant: number, expected: number): void => {
    expect(Math.abs(instant - expected)).toBeLessThan(5000);
  };

  it("adopts a step forward within seconds: what fell due is done once, and every time of an answer agrees", async () => {
    const { url, setOffset } = await start();
    const receiver = await startReceiver();
    const begun = Date.now();
    const first = await create(url, receiver.url);
    expectNear(first.createdAt, begun);

    setOffset((8 * HOUR_MS) / 1000);
    // No request is sent: the server has to notice by itself.
    await receiver.arrived(1);
    expect(Date.now() - begun).toBeLessThan(15_000);
    const [webhook] = receiver.received;
    if (webhook === undefined) throw new Error("No webhook arrived.");
    const { raw, timestamp } = verifySync(webhook);
    expect(raw).toBe(true);
    expectNear(timestamp * 1000, begun + 8 * HOUR_MS);

    const second = await create(url, receiver.url);
    expectNear(second.createdAt, begun + 8 * HOUR_MS);
    expectNear(second.date, second.createdAt);
    expect(receiver.received).toHaveLength(1);
  });

  it("never takes time back when the host's clock is set back, and its answers agree with each other", async () => {
    const { url, setOffset } = await start();
    const receiver = await startReceiver();
    const first = await create(url, receiver.url);
    setOffset((-8 * HOUR_MS) / 1000);
    const second = await create(url, receiver.url);
    expect(second.createdAt).toBeGreaterThanOrEqual(first.createdAt);
    expectNear(second.createdAt, first.createdAt);
    expectNear(second.date, second.createdAt);
  });
});
