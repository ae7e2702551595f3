/** Tests what each vendor sends, with the checks that its documentation gives to receivers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asciiJson } from "../../src/delivery/ascii-json.ts";
import { sandboxSettings } from "../../src/engine/sandbox/settings.ts";
import { vivix } from "../../src/vendors/vivix/index.ts";
import { startReceiver, type Received } from "../support/receiver.ts";
import { verifySync, verifyVivix } from "../support/verify-webhook.ts";
import { buildWebhookWorld, type WebhookWorld } from "../support/webhooks.ts";
import { lipsync, postGeneration } from "../support/sync.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Returns the first webhook that arrives after `act`, once all generations have ended. */
async function firstOf(act: (world: WebhookWorld, url: string) => Promise<unknown>): Promise<Received> {
  const receiver = await startReceiver();
  const world = await buildWebhookWorld();
  await act(world, receiver.url);
  await world.pass("2s");
  const [received] = receiver.received;
  if (received === undefined) throw new Error("None came.");
  return received;
}

describe("for a sync webhook,", () => {
  it("the signature verifies over the raw and the parsed body, and has the time of signing", async () => {
    const receiver = await startReceiver();
    const { createSync, pass, sandbox } = await buildWebhookWorld();
    const id = await createSync(receiver.url);
    await pass("2s");
    const [received] = receiver.received;
    if (received === undefined) throw new Error("None came.");
    expect(verifySync(received)).toEqual({
      raw: true,
      parsed: true,
      dumped: true,
      timestamp: Math.floor(sandbox.clock.now() / 1000),
    });
    expect(verifySync(received, "whsec_other").raw).toBe(false);
    expect(received.rawHeaders).toContain("Sync-Signature");
    expect(received.headers["content-type"]).toBe("application/json");
    expect(received.body).toMatch(/^[\x20-\x7e]+$/);
    const payload = JSON.parse(received.body) as Record<string, unknown>;
    expect(Object.keys(payload)).toEqual([
      "id",
      "createdAt",
      "status",
      "model",
      "input",
      "webhookUrl",
      "options",
      "outputUrl",
      "segmentOutputUrl",
      "outputDuration",
      "error",
      "error_code",
    ]);
    expect(payload).toMatchObject({
      id,
      status: "COMPLETED",
      webhookUrl: receiver.url,
      outputUrl: expect.stringMatching(/^http/),
      outputDuration: expect.any(Number),
      error: null,
      error_code: null,
    });
  });

  const everywhere = { raw: true, parsed: true, dumped: true };

  const createWith = async (world: WebhookWorld, webhookUrl: string, url: string, script?: string) => {
    const speech = { type: "text", provider: { name: "elevenlabs", voiceId: "EXAVITQu4vr4xnSDxMaL", script } };
    const input = [
      { type: "video", url },
      script === undefined ? { type: "audio", url: "https://media.test/a.wav" } : speech,
    ];
    const created = await postGeneration(world, { ...lipsync, input, webhookUrl });
    expect(created.statusCode, created.body).toBe(201);
    return created.json<{ input: unknown; webhookUrl: string }>();
  };

  it("the signature verifies in every documented way for any URL, and the body has the URL as called", async () => {
    const receiver = await startReceiver();
    const world = await buildWebhookWorld();
    const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(words, words, words, async (path, search, fragment) => {
        const url = `https://media.test/${path}.mp4?${search}#${fragment}`;
        const hook = `${receiver.url}/${path}?${search}`;
        fc.pre(URL.canParse(url) && !/_fauxgen|fauxgen:/i.test(url));
        const created = await createWith(world, hook, url);
        // The create's answer and every read repeat the sent URL.
        expect(created).toMatchObject({ webhookUrl: hook, input: [{ url }, {}] });
        const before = receiver.received.length;
        await world.pass("2s");
        const [received] = receiver.received.slice(before);
        if (received === undefined) throw new Error("None came.");
        expect(verifySync(received)).toMatchObject(everywhere);
        const told = JSON.parse(received.body) as { webhookUrl: string; input: [{ url: string }] };
        expect(new URL(told.webhookUrl).href).toBe(new URL(hook).href);
        expect(new URL(told.input[0].url).href).toBe(new URL(url).href);
      }),
      { numRuns: 40 },
    );
  });

  it("hosts beyond ASCII are written in Punycode", async () => {
    const { body, headers } = await firstOf((world, url) =>
      createWith(world, url, "https://müller.test/gesicht-süß.mp4"),
    );
    expect(JSON.parse(body)).toMatchObject({
      input: [{ url: "https://xn--mller-kva.test/gesicht-s%C3%BC%C3%9F.mp4" }, {}],
    });
    expect(verifySync({ body, headers })).toMatchObject(everywhere);
  });

  it("texts beyond ASCII are escaped and verify in Python too, or are sent raw if the sandbox says so", async () => {
    const script = "Grüße aus Köln 😀";
    const act = (world: WebhookWorld, url: string) => createWith(world, url, "https://media.test/v.mp4", script);
    const escaped = await firstOf(act);
    expect(escaped.body).toMatch(/^[\x20-\x7e]+$/);
    expect(verifySync(escaped)).toMatchObject({ raw: true, parsed: false, dumped: true });
    const raw = await firstOf(async (world, url) => {
      world.sandbox.saveSettings(sandboxSettings.parse({ vendors: { sync: { webhookText: "raw" } } }));
      await act(world, url);
    });
    expect(raw.body).toContain(script);
    expect(verifySync(raw)).toMatchObject({ raw: true, parsed: true, dumped: false });
  });

  it("a failed generation's webhook has error_code and not errorCode", async () => {
    const { body } = await firstOf(({ createSync }, url) => createSync(url, "fail=generation_timeout"));
    const payload = JSON.parse(body) as Record<string, unknown>;
    expect(payload).toMatchObject({ status: "FAILED", error_code: "generation_timeout", outputUrl: null });
    expect(payload.error).toEqual(expect.any(String));
    expect(payload).not.toHaveProperty("errorCode");
  });

  it("no webhook is sent for a rejected generation or without a webhookUrl", async () => {
    const receiver = await startReceiver();
    const { createSync, pass, told } = await buildWebhookWorld();
    await createSync(receiver.url, "reject");
    await pass("10s");
    expect(told()).toEqual([]);
  });

  it("an account with its own secret signs with it", async () => {
    const received = await firstOf(async ({ createSync, sandbox }, url) => {
      sandbox.account("main").updateState("sync", { webhookSecret: "whsec_mine" });
      await createSync(url);
    });
    expect(verifySync(received, "whsec_mine")).toMatchObject({ raw: true, parsed: true });
    expect(verifySync(received).raw).toBe(false);
  });
});

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
    const received = await firstOf(async ({ addReceiver, submit }, url) => {
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
});

describe("for the JSON of webhooks,", () => {
  it("the JSON is ASCII and parses to the same value, for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = asciiJson(value);
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("whole numbers stay whole, and characters are escaped as in Python", () => {
    expect(asciiJson({ a: 10.0, b: "é\u007f😀", c: null })).toBe(
      String.raw`{"a":10,"b":"\u00e9\u007f\ud83d\ude00","c":null}`,
    );
  });
});
