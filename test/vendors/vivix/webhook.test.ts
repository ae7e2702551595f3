/** Tests the webhooks of vivix, with the checks that its documentation gives to receivers. */
import { describe, expect, it } from "vitest";
import { vivix } from "../../../src/vendors/vivix/index.ts";
import { startReceiver } from "../../support/receiver.ts";
import { verifyVivix } from "../../support/verify-webhook.ts";
import { buildWebhookWorld, firstWebhookOf } from "../../support/webhooks.ts";
import { image, postGeneration } from "../../support/vivix.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("for a vivix webhook,", () => {
  it("the webhook of a completed generation verifies, and differs from polling as documented", async () => {
    const receiver = await startReceiver();
    const { addReceiver, submit, pass, sandbox } = await buildWebhookWorld();
    addReceiver(receiver.url, { secret: "endpoint secret" });
    const id = await submit();
    await pass("2s");
    const [received] = receiver.received;
    if (received === undefined) throw new Error("None came.");
    expect(verifyVivix(received, "endpoint secret")).toBe(true);
    expect(verifyVivix(received, "another")).toBe(false);
    expect(received.rawHeaders).toEqual(
      expect.arrayContaining([
        "X-Vivix-Signature",
        "X-Vivix-Event",
        "X-Vivix-Delivery-Id",
        "User-Agent",
        "Content-Type",
      ]),
    );
    expect(received.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "Vivix-Webhook/1.0",
      "x-vivix-event": "generation.completed",
      "x-vivix-delivery-id": expect.stringMatching(UUID),
    });
    expect(Object.entries(JSON.parse(received.body) as object)).toEqual([
      ["generation_id", id],
      ["status", "completed"],
      ["model", "runware:101@1"],
      ["output_url", expect.stringMatching(/^http.*\/vivix\/im\.runware\.ai\/[^/]+\.jpg$/)],
      ["output_urls", [expect.stringMatching(/^http.*\/vivix\/im\.runware\.ai\/[^/]+\.jpg$/)]],
      ["credits_charged", 211],
      ["duration_ms", 2000],
      ["completed_at", new Date(sandbox.clock.now()).toISOString()],
    ]);
  });

  it("the webhook names files on the provider's host, as polling does", async () => {
    const receiver = await startReceiver();
    const { app, send, addReceiver, submit, pass } = await buildWebhookWorld();
    addReceiver(receiver.url);
    const id = await submit();
    await pass("2s");
    const told = JSON.parse(receiver.received[0]?.body ?? "") as { output_url: string };
    const read = await send(vivix, "main", { method: "GET", url: `/api/v1/generations/${id}` });
    const { output_url: polled } = read.json<{ output_url: string }>();
    expect(told.output_url).not.toBe(polled);
    const [theirs, ours] = await Promise.all([app.inject(told.output_url), app.inject(polled)]);
    expect(theirs.statusCode).toBe(200);
    expect(theirs.rawPayload).toEqual(ours.rawPayload);
    expect((await app.inject(told.output_url.replace("im.runware.ai", "elsewhere.test"))).statusCode).toBe(404);
  });

  it("the webhook of a failed generation has null URLs, the error and no charge", async () => {
    const received = await firstWebhookOf(async ({ addReceiver, submit }, url) => {
      addReceiver(url);
      await submit("fail");
    });
    expect(received.headers["x-vivix-event"]).toBe("generation.failed");
    const payload = JSON.parse(received.body) as Record<string, unknown>;
    expect(Object.keys(payload)).toEqual([
      "generation_id",
      "status",
      "model",
      "output_url",
      "output_urls",
      "credits_charged",
      "duration_ms",
      "completed_at",
      "error_code",
      "error_message",
    ]);
    expect(payload).toMatchObject({
      status: "failed",
      output_url: null,
      output_urls: null,
      credits_charged: 0,
      error_code: "PROVIDER_ERROR",
      error_message: "Underlying model returned an error.",
    });
  });

  it("each attempt has a new delivery id and the same body", async () => {
    const receiver = await startReceiver((response) => response.writeHead(500).end());
    const { addReceiver, submit, pass } = await buildWebhookWorld();
    addReceiver(receiver.url);
    await submit();
    await pass("1m");
    expect(new Set(receiver.received.map(({ headers }) => headers["x-vivix-delivery-id"])).size).toBe(4);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(receiver.received.every((received) => verifyVivix(received, "secret"))).toBe(true);
  });

  it("every endpoint of the account gets the webhook with its own signature, and no other account's does", async () => {
    const [one, two, others] = [await startReceiver(), await startReceiver(), await startReceiver()];
    const { addReceiver, submit, pass } = await buildWebhookWorld();
    addReceiver(one.url, { secret: "one" });
    addReceiver(two.url, { secret: "two" });
    addReceiver(others.url, { account: "other" });
    await submit();
    await pass("2s");
    expect([one, two, others].map(({ received }) => received.length)).toEqual([1, 1, 0]);
    expect(verifyVivix(one.received[0] ?? { headers: {}, body: "" }, "one")).toBe(true);
    expect(verifyVivix(two.received[0] ?? { headers: {}, body: "" }, "two")).toBe(true);
  });

  it.each(["webhook-bad-signature", "webhook-wrong-secret"])(
    "the signature of %s does not verify",
    async (scenario) => {
      const received = await firstWebhookOf(async ({ addReceiver, submit }, url) => {
        addReceiver(url);
        await submit(scenario);
      });
      expect(verifyVivix(received, "secret")).toBe(false);
      expect(verifyVivix(received, vivix.webhooks?.defaultSecret ?? "")).toBe(false);
    },
  );

  it("webhook-old-timestamp is refused, because the webhook has no timestamp", async () => {
    const world = await buildWebhookWorld();
    const refused = await postGeneration(world, { ...image, prompt: "fauxgen:webhook-old-timestamp" });
    expect(refused.statusCode).toBe(400);
    expect(refused.headers["x-fauxgen-diagnostic"]).toContain("SCENARIO_NOT_EXPRESSIBLE");
  });

  it("an account has at most five endpoints", async () => {
    const { addReceiver } = await buildWebhookWorld();
    for (let added = 0; added < 5; added += 1) addReceiver("http://hooks.test");
    expect(vivix.webhooks?.mostEndpoints).toBe(5);
    expect(() => {
      addReceiver("http://hooks.test");
    }).toThrow("5 endpoints");
  });

  it("a failed attempt is repeated after 1 s, 5 s and 25 s, and a redirect is not followed", async () => {
    const elsewhere = await startReceiver();
    const receiver = await startReceiver((response) => response.writeHead(307, { location: elsewhere.url }).end());
    const { addReceiver, submit, sandbox, pass, told } = await buildWebhookWorld();
    addReceiver(receiver.url);
    await submit();
    const created = sandbox.clock.now();
    await pass("1m");
    expect(told()[0]?.made.map(({ at, status }) => [at - created, status])).toEqual([
      [2000, 307],
      [3000, 307],
      [8000, 307],
      [33_000, 307],
    ]);
    expect(elsewhere.received).toEqual([]);
  });
});
