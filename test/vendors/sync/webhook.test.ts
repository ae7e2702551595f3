/** Tests the webhooks of sync, with the checks that its documentation gives to receivers. */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { startReceiver } from "../../support/receiver.ts";
import { SYNC_SECRET, verifySync } from "../../support/verify-webhook.ts";
import { buildWebhookWorld, firstWebhookOf, type WebhookWorld } from "../../support/webhooks.ts";
import { lipsync, postGeneration } from "../../support/sync.ts";

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
    const { body, headers } = await firstWebhookOf((world, url) =>
      createWith(world, url, "https://müller.test/gesicht-süß.mp4"),
    );
    expect(JSON.parse(body)).toMatchObject({
      input: [{ url: "https://xn--mller-kva.test/gesicht-s%C3%BC%C3%9F.mp4" }, {}],
    });
    expect(verifySync({ body, headers })).toMatchObject(everywhere);
  });

  it("texts beyond ASCII are UTF-8 and verify in JavaScript too, or are escaped and verify in Python if the sandbox says so", async () => {
    const script = "Grüße aus Köln 😀";
    const act = (world: WebhookWorld, url: string) => createWith(world, url, "https://media.test/v.mp4", script);
    const raw = await firstWebhookOf(act);
    expect(raw.body).toContain(script);
    expect(verifySync(raw)).toMatchObject({ raw: true, parsed: true, dumped: false });
    const escaped = await firstWebhookOf(async (world, url) => {
      world.sandbox.saveSettings(sandboxSettings.parse({ vendors: { sync: { webhookText: "escaped" } } }));
      await act(world, url);
    });
    expect(escaped.body).toMatch(/^[\x20-\x7e]+$/);
    expect(verifySync(escaped)).toMatchObject({ raw: true, parsed: false, dumped: true });
  });

  it.each([
    ["Sync-Signature", true, false],
    ["X-Signature-Primary", false, true],
    ["both", true, true],
  ])("the setting %s chooses the headers that sign", async (webhookSignature, isGuides, isReferences) => {
    const received = await firstWebhookOf(async ({ createSync, sandbox }, url) => {
      sandbox.saveSettings(sandboxSettings.parse({ vendors: { sync: { webhookSignature } } }));
      await createSync(url);
    });
    expect(verifySync(received).raw).toBe(isGuides);
    const expected = createHmac("sha256", SYNC_SECRET).update(received.body).digest("hex");
    expect(received.headers["x-signature-primary"]).toBe(isReferences ? expected : undefined);
  });

  it("a failed generation's webhook has error_code and not errorCode", async () => {
    const { body } = await firstWebhookOf(({ createSync }, url) => createSync(url, "fail=generation_timeout"));
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
    const received = await firstWebhookOf(async ({ createSync, sandbox }, url) => {
      sandbox.account("main").updateState("sync", { webhookSecret: "whsec_mine" });
      await createSync(url);
    });
    expect(verifySync(received, "whsec_mine")).toMatchObject({ raw: true, parsed: true });
    expect(verifySync(received).raw).toBe(false);
  });

  it.each(["webhook-bad-signature", "webhook-wrong-secret"])(
    "the signature of %s does not verify",
    async (scenario) => {
      const received = await firstWebhookOf(({ createSync }, url) => createSync(url, scenario));
      expect(verifySync(received)).toMatchObject({ raw: false, parsed: false, dumped: false });
    },
  );

  it("the signature of webhook-old-timestamp verifies, and its timestamp is an hour old", async () => {
    let sandboxNow = 0;
    const received = await firstWebhookOf(async ({ createSync, sandbox }, url) => {
      await createSync(url, "webhook-old-timestamp");
      sandboxNow = sandbox.clock.now() + 2000;
    });
    expect(verifySync(received)).toMatchObject({ raw: true, timestamp: Math.floor((sandboxNow - 3_600_000) / 1000) });
  });

  it("a failed attempt is repeated after 1 s, 5 s and 25 s, and a redirect is not followed", async () => {
    const elsewhere = await startReceiver();
    const receiver = await startReceiver((response) => response.writeHead(307, { location: elsewhere.url }).end());
    const { createSync, sandbox, pass, told } = await buildWebhookWorld();
    await createSync(receiver.url);
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
