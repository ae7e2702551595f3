/** Tests the routes that list and repeat deliveries and configure endpoints. */
import { describe, expect, it } from "vitest";
import { control, type ControlCall } from "../../support/control.ts";
import { startReceiver } from "../../support/receiver.ts";
import type { Vendor } from "../../../src/vendors/vendor.ts";
import { bolt } from "../../support/acme/bolt.ts";
import { acme } from "../../support/acme/index.ts";
import { buildWebhookWorld, signedAt, type WebhookWorld } from "../../support/acme-webhooks.ts";

const { webhooks: _webhooks, ...silentBolt } = bolt;

/** Acme, beside a vendor that sends no webhooks. */
const withoutWebhooks: readonly Vendor[] = [acme, silentBolt];

const call = (
  { app }: WebhookWorld,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<ControlCall> => control(app, method, `sandboxes/world/webhooks/${path}`, body);

describe("the deliveries API", () => {
  it("lists deliveries with their attempts, by subject, status, account and vendor", async () => {
    const receiver = await startReceiver((response, _received, nth) =>
      response.writeHead(nth === 1 ? 503 : 200, { "x-served-by": "test" }).end("thanks"),
    );
    const world = await buildWebhookWorld();
    const first = await world.submitTo(receiver.url);
    await world.pass("3s");
    await world.send(bolt, "other", { method: "POST", url: "/bolt/tasks", body: { webhook: receiver.url } });
    await world.pass("10s");
    const all = (await call(world, "GET", "deliveries")).body;
    expect(all.total).toBe(2);
    expect(all.items[0]).toMatchObject({
      vendor: "acme",
      account: "main",
      subject: first,
      event: "job.done",
      url: receiver.url,
      status: "delivered",
      nextAttemptAt: null,
      attempts: [
        { number: 1, ending: "answered", status: 503, error: null },
        { number: 2, ending: "answered", status: 200, response: { body: "thanks", isCut: false } },
      ],
    });
    expect(all.items[0].attempts[0].response.headers["x-served-by"]).toBe("test");
    const subjects = async (query: string) =>
      (await call(world, "GET", `deliveries?${query}`)).body.items.map(({ vendor }: { vendor: string }) => vendor);
    expect(await subjects(`subject=${first}`)).toEqual(["acme"]);
    expect(await subjects("account=other")).toEqual(["bolt"]);
    expect(await subjects("vendor=bolt&event=task.over")).toEqual(["bolt"]);
    expect(await subjects("status=pending")).toEqual([]);
    expect(await subjects("account=free")).toEqual([]);
    const page = (await call(world, "GET", "deliveries?limit=1")).body;
    const next = (await call(world, "GET", `deliveries?limit=1&cursor=${page.nextCursor}`)).body;
    expect([page.items[0].vendor, next.items[0].vendor, next.nextCursor]).toEqual(["acme", "bolt", null]);
  });

  it("waits for a number of deliveries", async () => {
    const receiver = await startReceiver();
    const world = await buildWebhookWorld();
    await world.submitTo(receiver.url);
    const waiting = call(world, "GET", "deliveries?status=delivered&count=1&within=5s");
    await world.pass("2s");
    expect((await waiting).body.total).toBe(1);
    const missed = await call(world, "GET", "deliveries?count=2&within=20ms");
    expect(missed).toMatchObject({ status: 422, body: { code: "not-reached", wanted: 2, found: 1 } });
  });

  it("shows the exact bytes and headers of a delivery as sent", async () => {
    const receiver = await startReceiver();
    const world = await buildWebhookWorld();
    world.addReceiver(`${receiver.url}/hooks?from=test`);
    await world.submit();
    await world.pass("2s");
    const [{ id }] = (await call(world, "GET", "deliveries")).body.items;
    const { request } = (await call(world, "GET", `deliveries/${id}`)).body;
    const [received] = receiver.received;
    expect(request.body).toBe(received?.body);
    expect(request.headers.flat()).toEqual(received?.rawHeaders);
    expect(request.headers.map(([name]: string[]) => name)).toEqual([
      "Host",
      "Content-Type",
      "Acme-Signature",
      "Acme-Event",
      "Acme-Attempt",
      "Content-Length",
      "Connection",
    ]);
  });

  it("shows a collected delivery as it would be sent, with its signature", async () => {
    const world = await buildWebhookWorld();
    await call(world, "PUT", "mode", { mode: "collect" });
    expect((await call(world, "GET", "mode")).body).toEqual({ mode: "collect" });
    world.addReceiver("http://hooks.test/acme");
    await world.submit();
    await world.pass("2s");
    const [{ id, status, attempts }] = (await call(world, "GET", "deliveries")).body.items;
    expect([status, attempts]).toEqual(["collected", []]);
    const { request } = (await call(world, "GET", `deliveries/${id}`)).body;
    const headers = Object.fromEntries(
      request.headers.map(([name, value]: [string, string]) => [name.toLowerCase(), value]),
    );
    expect(signedAt({ headers, body: request.body }, "secret")).toEqual(expect.any(Number));
  });

  it("sends a delivery again", async () => {
    const receiver = await startReceiver();
    const world = await buildWebhookWorld();
    await world.submitTo(receiver.url);
    await world.pass("2s");
    const [{ id }] = (await call(world, "GET", "deliveries")).body.items;
    const again = await call(world, "POST", `deliveries/${id}/redeliver`);
    expect(again).toMatchObject({ status: 202, body: { id, status: "pending" } });
    await receiver.arrived(2);
    const both = await call(world, "GET", "deliveries?status=delivered&count=1&within=5s");
    expect(both.body.items[0].attempts).toHaveLength(2);
  });

  it("answers a problem for an unknown delivery", async () => {
    const world = await buildWebhookWorld();
    for (const [method, path] of [
      ["GET", "deliveries/whd_none"],
      ["POST", "deliveries/whd_none/redeliver"],
    ] as const)
      expect(await call(world, method, path)).toMatchObject({ status: 404, body: { code: "no-such-delivery" } });
  });
});

describe("the webhook endpoints API", () => {
  it("adds up to five webhook endpoints per account, with the vendor's secret or a given one", async () => {
    const receiver = await startReceiver();
    const world = await buildWebhookWorld();
    const add = (extra: object = {}) =>
      call(world, "POST", "endpoints", { vendor: "acme", url: receiver.url, ...extra });
    const first = await add();
    expect(first).toMatchObject({ status: 201, body: { account: "main", vendor: "acme", url: receiver.url } });
    const own = await add({ secret: "mine" });
    expect(own.body.secret).toBe("mine");
    for (let made = 2; made < 5; made += 1) await add();
    expect(await add()).toMatchObject({ status: 409, body: { code: "too-many-endpoints" } });
    expect((await add({ account: "other" })).status).toBe(201);
    expect((await call(world, "GET", "endpoints?account=main")).body.items).toHaveLength(5);
    expect((await call(world, "GET", "endpoints")).body.items).toHaveLength(6);

    expect((await call(world, "DELETE", `endpoints/${own.body.id}`)).status).toBe(204);
    expect(await call(world, "DELETE", `endpoints/${own.body.id}`)).toMatchObject({
      status: 404,
      body: { code: "no-such-endpoint" },
    });
    await world.submit();
    await world.pass("2s");
    expect(receiver.received).toHaveLength(4);
    const { body } = await control(world.app, "GET", "sandboxes/world");
    expect(body.vendors.acme.webhookSecret).toBe(first.body.secret);
    expect(receiver.received.every((received) => signedAt(received, first.body.secret) !== undefined)).toBe(true);
  });

  it("changes the secret and URL of a webhook endpoint, and disables and enables it", async () => {
    const [receiver, other] = [await startReceiver(), await startReceiver()];
    const world = await buildWebhookWorld();
    const { body: first } = await call(world, "POST", "endpoints", {
      vendor: "acme",
      url: receiver.url,
      secret: "one",
    });
    const change = (body: object, id: string = first.id) => call(world, "PATCH", `endpoints/${id}`, body);
    const tell = async (): Promise<void> => {
      await world.submit();
      await world.pass("2s");
    };
    expect(await change({ secret: "two" })).toMatchObject({ status: 200, body: { ...first, secret: "two" } });
    await tell();
    expect(receiver.received.map((received) => signedAt(received, "two"))).toEqual([expect.any(Number)]);
    expect((await change({ isEnabled: false })).body).toMatchObject({ secret: "two", isEnabled: false });
    await tell();
    expect(receiver.received).toHaveLength(1);
    expect((await change({ isEnabled: true, url: other.url })).body.account).toBe("main");
    await tell();
    expect([receiver.received.length, other.received.length]).toEqual([1, 1]);
    expect((await change({ isOn: false })).status).toBe(400);
    expect(await change({}, "whe_none")).toMatchObject({ status: 404, body: { code: "no-such-endpoint" } });
  });

  it("refuses a webhook endpoint for an unknown vendor, for a vendor without endpoints, and with a bad URL", async () => {
    const [world, silentWorld] = [await buildWebhookWorld(), await buildWebhookWorld({}, "world", withoutWebhooks)];
    const add = (body: object, at = world) => call(at, "POST", "endpoints", { url: "http://hooks.test", ...body });
    const refused = { status: 409, body: { code: "no-endpoints" } };
    expect(await add({ vendor: "bolt" })).toMatchObject(refused);
    expect(await add({ vendor: "bolt" }, silentWorld)).toMatchObject(refused);
    expect(await add({ vendor: "acne" })).toMatchObject({ status: 400, body: { code: "unknown-name" } });
    expect(await add({ vendor: "acme", url: "ftp://hooks.test" })).toMatchObject({ status: 400 });
  });
});

it("an account's webhook secret is part of its handles", async () => {
  const { app, sandbox } = await buildWebhookWorld({}, "world", withoutWebhooks);
  sandbox.account("main").updateState("acme", { webhookSecret: "mine" });
  const { body } = await control(app, "GET", "sandboxes/world");
  expect(body.vendors.acme.webhookSecret).toBe("mine");
  expect(body.vendors.bolt.webhookSecret).toBeNull();
});
