/** Tests the outbox: modes, redelivery, limits, and the separation of sandboxes. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../src/engine/sandbox/settings.ts";
import { picture, postGeneration } from "../support/acme.ts";
import { startReceiver } from "../support/receiver.ts";
import { buildWebhookWorld } from "../support/acme-webhooks.ts";

describe("in collect mode,", () => {
  it("webhooks are kept and never sent", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass, told, sandbox, app } = await buildWebhookWorld();
    app.outbox.chooseMode(sandbox, "collect");
    await submitTo(receiver.url);
    await pass("1h");
    app.outbox.chooseMode(sandbox, "deliver");
    await pass("1h");
    expect(receiver.received).toHaveLength(0);
    expect(told()).toMatchObject([{ status: "collected", attempts: 0, nextAt: null }]);
    expect(app.outbox.modeOf(sandbox)).toBe("deliver");
  });

  it("pending webhooks are kept from the moment that collect is chosen", async () => {
    const receiver = await startReceiver((response) => response.writeHead(500).end());
    const { submitTo, pass, told, sandbox, app } = await buildWebhookWorld();
    await submitTo(receiver.url);
    await pass("2s");
    expect(told()).toMatchObject([{ status: "pending", attempts: 1 }]);
    app.outbox.chooseMode(sandbox, "collect");
    await pass("1h");
    expect(receiver.received).toHaveLength(1);
    expect(told()).toMatchObject([{ status: "collected", attempts: 1, nextAt: null }]);
  });

  it("a running attempt ends, and is not tried again", async () => {
    let answer: () => void = () => undefined;
    const receiver = await startReceiver((response) => {
      answer = () => response.writeHead(500).end();
    });
    const { submitTo, pass, told, sandbox, app } = await buildWebhookWorld();
    await submitTo(receiver.url);
    const passing = pass("1h");
    await receiver.arrived(1);
    app.outbox.chooseMode(sandbox, "collect");
    answer();
    await passing;
    expect(receiver.received).toHaveLength(1);
    expect(told()).toMatchObject([{ status: "collected", attempts: 1 }]);
  });

  it("the document sets the mode, until a test chooses another or a new document is put", async () => {
    const { sandbox, app } = await buildWebhookWorld({ webhooks: "collect" });
    const put = (document: object): void => {
      sandbox.saveSettings(sandboxSettings.parse(document));
    };
    expect(app.outbox.modeOf(sandbox)).toBe("collect");
    put({ webhooks: { mode: "deliver" } });
    expect(app.outbox.modeOf(sandbox)).toBe("deliver");
    app.outbox.chooseMode(sandbox, "collect");
    expect(app.outbox.modeOf(sandbox)).toBe("collect");
    put({ webhooks: { mode: "deliver" }, seed: "other" });
    expect(app.outbox.modeOf(sandbox)).toBe("collect");
    put({});
    expect(app.outbox.modeOf(sandbox)).toBe("collect");
    put({ webhooks: { mode: "deliver" } });
    app.httpContext.sandboxes.reset(sandbox);
    expect(app.outbox.modeOf(sandbox)).toBe("deliver");
  });
});

describe("on a redelivery,", () => {
  it("a collected webhook is sent with a current signature", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass, told, sandbox, app } = await buildWebhookWorld({ webhooks: "collect" });
    await submitTo(receiver.url);
    await pass("1h");
    const [collected] = told();
    if (collected === undefined) throw new Error("Nothing was kept.");
    app.outbox.redeliver(sandbox, collected, sandbox.clock.now());
    await pass("1ms");
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.body).toBe(collected.body);
    expect(receiver.received[0]?.headers["acme-signature"]).toContain(
      `t=${Math.floor((sandbox.clock.now() - 1) / 1000)},`,
    );
    expect(told()).toMatchObject([{ status: "delivered", attempts: 1 }]);
  });

  it("attempt numbers continue, and the retry schedule begins again", async () => {
    const receiver = await startReceiver((response) => response.writeHead(500).end());
    const { submitTo, pass, told, sandbox, app } = await buildWebhookWorld();
    await submitTo(receiver.url);
    await pass("1m");
    const [failed] = told();
    if (failed === undefined) throw new Error("Nothing was written.");
    app.outbox.redeliver(sandbox, failed, sandbox.clock.now());
    await pass("1m");
    expect(receiver.received).toHaveLength(8);
    expect(told()[0]?.made.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("a pending attempt is brought forward, and no attempt is added", async () => {
    const receiver = await startReceiver((response, _received, nth) => response.writeHead(nth === 1 ? 500 : 200).end());
    const { submitTo, pass, told, sandbox, app } = await buildWebhookWorld();
    await submitTo(receiver.url);
    await pass("2s");
    const [pending] = told();
    if (pending === undefined) throw new Error("Nothing was written.");
    expect(pending.status).toBe("pending");
    app.outbox.redeliver(sandbox, pending, sandbox.clock.now());
    await pass("1m");
    expect(receiver.received).toHaveLength(2);
  });

  it("a redelivery is refused while the delivery is being sent", async () => {
    const receiver = await startReceiver(() => undefined);
    const { submitTo, pass, told, sandbox, app } = await buildWebhookWorld();
    await submitTo(receiver.url);
    const passing = pass("2s", 300);
    await receiver.arrived(1);
    const [underWay] = told();
    if (underWay === undefined) throw new Error("Nothing was written.");
    expect(() => app.outbox.redeliver(sandbox, underWay, sandbox.clock.now())).toThrow("is being sent");
    await passing;
  });
});

describe("after a reset,", () => {
  it("deliveries are forgotten, and a late answer of a receiver is not stored", async () => {
    let answer: () => void = () => undefined;
    const receiver = await startReceiver((response) => {
      answer = () => response.writeHead(200).end();
    });
    const { submitTo, pass, told, sandbox, app } = await buildWebhookWorld();
    await submitTo(receiver.url);
    const aborted = expect(pass("2s")).rejects.toThrow("reset or deleted");
    await receiver.arrived(1);
    app.httpContext.sandboxes.reset(sandbox);
    answer();
    await aborted;
    await new Promise<void>((resolve) => {
      if (sandbox.pendingWork.size === 0) resolve();
      else sandbox.pendingWork.onEnded(resolve);
    });
    expect(told()).toEqual([]);
    expect(sandbox.pendingWork.size).toBe(0);
    expect(app.outbox.count(sandbox)).toBe(0);
  });
});

describe("with two sandboxes,", () => {
  it("each sandbox calls its own receivers with its own ids, and a hung receiver delays only its sandbox", async () => {
    const [hung, quick] = [await startReceiver(() => undefined), await startReceiver()];
    const first = await buildWebhookWorld({}, "first");
    const sandbox = first.app.httpContext.sandboxes.obtain("second");
    await first.submitTo(hung.url);
    const passing = first.pass("2s", 500);
    await hung.arrived(1);
    const response = await postGeneration(
      first,
      { ...picture, webhook: quick.url },
      { key: "acme_fx_second_main", headers: { "x-fauxgen-scenario": "webhook-first" } },
    );
    expect(response.statusCode).toBe(201);
    expect(quick.received).toHaveLength(1);
    await passing;
    const ids = [...first.told(), ...first.app.outbox.list(sandbox)].map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(first.app.outbox.find(first.sandbox, ids[1] ?? "")).toBeUndefined();
  });
});

describe("for the outbox,", () => {
  it("the outbox keeps as many deliveries as configured, and drops the oldest ended ones", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass, told, app, sandbox } = await buildWebhookWorld({ maxDeliveries: 10 });
    for (let made = 0; made < 25; made += 1) await submitTo(receiver.url);
    await pass("2s");
    for (let made = 0; made < 5; made += 1) await submitTo(receiver.url);
    await pass("2s");
    expect(receiver.received).toHaveLength(30);
    expect(told().length).toBeLessThanOrEqual(10);
    expect(app.outbox.droppedFrom(sandbox)).toBe(30 - told().length);
  });

  it("followers of the sandbox get the events of its deliveries", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass, sandbox } = await buildWebhookWorld();
    const heard: unknown[] = [];
    sandbox.events.follow((event) => {
      if (event.kind === "delivery.changed") heard.push([event.status, event.attempt, event.response]);
    });
    await submitTo(receiver.url);
    await pass("2s");
    expect(heard).toEqual([
      ["pending", undefined, undefined],
      ["delivered", 1, 200],
    ]);
  });
});
