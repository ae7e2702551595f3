/** Tests that the attempts of a delivery follow the vendor's retry schedule on the sandbox's clock. */
import { describe, expect, it } from "vitest";
import { startReceiver } from "../support/receiver.ts";
import { buildWebhookWorld } from "../support/acme-webhooks.ts";

describe("for the retry schedule,", () => {
  it("one advance of a frozen clock runs the whole schedule, with every attempt at its instant", async () => {
    const receiver = await startReceiver((response) => response.writeHead(500).end("no"));
    const { addReceiver, submit, sandbox, pass, told } = await buildWebhookWorld();
    addReceiver(receiver.url);
    await submit();
    const created = sandbox.clock.now();
    const began = performance.now();
    const { fired, unsettled } = await pass("1m");
    expect(performance.now() - began).toBeLessThan(1000);
    expect(unsettled).toEqual([]);
    expect(fired.filter(({ kind }) => kind === "delivery").map(({ at }) => at - created)).toEqual([
      2000, 3000, 8000, 33_000,
    ]);
    expect(receiver.received).toHaveLength(4);
    const [delivery] = told();
    expect(delivery).toMatchObject({ status: "failed", nextAt: null, attempts: 4 });
    expect(delivery?.made.map(({ at, status, response }) => [at - created, status, response?.body])).toEqual([
      [2000, 500, "no"],
      [3000, 500, "no"],
      [8000, 500, "no"],
      [33_000, 500, "no"],
    ]);
  });

  it("the schedule stops at the first 2xx", async () => {
    const receiver = await startReceiver((response, _received, nth) => response.writeHead(nth < 3 ? 503 : 204).end());
    const { addReceiver, submit, pass, told } = await buildWebhookWorld();
    addReceiver(receiver.url);
    await submit();
    await pass("1m");
    const [delivery] = told();
    expect(delivery?.status).toBe("delivered");
    expect(delivery?.made.map(({ status }) => status)).toEqual([503, 503, 204]);
  });

  it("the next attempt does not begin before its instant", async () => {
    const receiver = await startReceiver((response) => response.writeHead(500).end());
    const { addReceiver, submit, sandbox, pass, told } = await buildWebhookWorld();
    addReceiver(receiver.url);
    await submit();
    await pass("2999ms");
    expect(told()[0]).toMatchObject({ status: "pending", attempts: 1, nextAt: sandbox.clock.now() + 1 });
    await pass("1ms");
    expect(told()[0]).toMatchObject({ attempts: 2 });
  });

  it("an unreachable receiver is tried again", async () => {
    const gone = await startReceiver();
    const { addReceiver, submit, pass, told } = await buildWebhookWorld();
    // Port 1 has no listener, because it is never assigned.
    addReceiver(gone.url.replace(/:\d+$/, ":1"));
    await submit();
    await pass("1m");
    expect(told()[0]?.made.map(({ ending, error }) => [ending, error?.code])).toEqual(
      Array.from({ length: 4 }, () => ["unreachable", "ECONNREFUSED"]),
    );
  });
});

describe("on an advance,", () => {
  it("the advance waits for all deliveries of an instant while they progress, even beyond the guard", async () => {
    // eslint-disable-next-line no-restricted-syntax -- the receiver takes its time, in real time
    const receiver = await startReceiver((response) => setTimeout(() => response.writeHead(200).end(), 10));
    const { addReceiver, submit, pass, told } = await buildWebhookWorld();
    addReceiver(receiver.url);
    for (let made = 0; made < 40; made += 1) await submit();
    const { unsettled } = await pass("2s", 300);
    expect(unsettled).toEqual([]);
    expect(told().filter(({ status }) => status === "delivered")).toHaveLength(40);
  });
});

describe("for a receiver that never answers,", () => {
  it("the attempt times out at its virtual deadline after the guard, and is reported as unsettled", async () => {
    const receiver = await startReceiver(() => undefined);
    const { addReceiver, submit, sandbox, pass, told } = await buildWebhookWorld();
    addReceiver(receiver.url);
    await submit();
    const created = sandbox.clock.now();
    const { unsettled } = await pass("2m", 50);
    const [delivery] = told();
    expect(delivery?.status).toBe("failed");
    // Each attempt has 10 s; the next one follows 1 s, 5 s and 25 s after its end.
    expect(delivery?.made.map(({ at, endedAt, ending }) => [at - created, endedAt - created, ending])).toEqual([
      [2000, 12_000, "timed-out"],
      [13_000, 23_000, "timed-out"],
      [28_000, 38_000, "timed-out"],
      [63_000, 73_000, "timed-out"],
    ]);
    expect(unsettled.every(({ kind, id }) => kind === "delivery" && id === delivery?.id)).toBe(true);
    expect(unsettled.length).toBeGreaterThan(0);
  });

  it("deliveries to other receivers are not delayed", async () => {
    const slow = await startReceiver(() => undefined);
    const quick = await startReceiver();
    const { addReceiver, submit, pass, told } = await buildWebhookWorld();
    addReceiver(slow.url);
    addReceiver(quick.url);
    await submit();
    const ended = pass("3s", 400);
    await quick.arrived(1);
    expect(told().map(({ status }) => status)).toContain("pending");
    await ended;
    expect(told().map(({ url, status }) => [url, status])).toEqual([
      [slow.url, "pending"],
      [quick.url, "delivered"],
    ]);
  });

  it("the next delivery to the same receiver is delayed only briefly", async () => {
    const receiver = await startReceiver((response, _received, nth) => {
      if (nth > 1) response.writeHead(200).end();
    });
    const { addReceiver, submit, pass } = await buildWebhookWorld();
    addReceiver(receiver.url);
    await submit();
    await submit();
    const ended = pass("2s", 1000);
    await receiver.arrived(2);
    await ended;
  });
});
