/** Tests that a receiver in Python, which shares no code with fauxgen, verifies the webhooks' signatures. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { sync } from "../../src/vendors/sync/index.ts";
import { SYNC_SECRET } from "../support/verify-webhook.ts";
import { buildWebhookWorld, type WebhookWorld } from "../support/webhooks.ts";

const SCRIPT = fileURLToPath(new URL("webhook_receiver.py", import.meta.url));

async function startPythonReceiver(): Promise<string> {
  const child = spawn("python3", [SCRIPT], {
    env: { ...process.env, SYNC_SECRET, VIVIX_SECRET: "secret" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill();
  });
  const missing = once(child, "error").then(([error]: unknown[]) => {
    throw new Error(`python3 is needed: ${String(error)}`);
  });
  const [line] = (await Promise.race([once(child.stdout, "data"), missing])) as [Buffer];
  return `http://127.0.0.1:${line.toString().trim()}`;
}

/** Returns the receiver's answer to each delivery. */
const verdicts = ({ told }: WebhookWorld): (string | undefined)[] => told().map(({ made }) => made[0]?.response?.body);

describe("a receiver in Python", () => {
  it("verifies sync's webhooks over the raw body and over its own json.dumps", async () => {
    const url = await startPythonReceiver();
    const world = await buildWebhookWorld();
    for (const scenario of ["succeed", "fail", "webhook-duplicate", "webhook-huge"])
      await world.createSync(`${url}/sync`, scenario);
    await world.pass("2s");
    expect(verdicts(world)).toEqual(Array.from({ length: 5 }, () => "verified"));
  });

  it("verifies sync's webhooks with non-ASCII text over its own json.dumps if the sandbox escapes that text", async () => {
    const url = await startPythonReceiver();
    const world = await buildWebhookWorld();
    const payload = { vendors: { sync: { webhookText: "escaped" } } };
    const document = `/_fauxgen/sandboxes/${world.sandbox.name}`;
    expect((await world.app.inject({ method: "PUT", url: document, payload })).statusCode).toBe(200);
    world.sandbox.clock.freeze();
    const body = {
      model: "lipsync-2",
      input: [
        { type: "video", url: "https://media.test/gesicht-süß-😀.mp4" },
        {
          type: "text",
          provider: { name: "elevenlabs", voiceId: "EXAVITQu4vr4xnSDxMaL", script: "Grüße\u007f aus Köln 😀" },
        },
      ],
      webhookUrl: `${url}/sync`,
    };
    const created = await world.send(sync, "main", { method: "POST", url: "/v2/generate", body });
    expect(created.statusCode).toBe(201);
    await world.pass("2s");
    expect(verdicts(world)).toEqual(["verified"]);
  });

  it("verifies vivix's webhooks", async () => {
    const url = await startPythonReceiver();
    const world = await buildWebhookWorld();
    world.addReceiver(`${url}/vivix`);
    await world.submit();
    await world.submit("fail");
    await world.pass("2s");
    expect(verdicts(world)).toEqual(["verified", "verified"]);
  });

  it("refuses webhooks of the scenarios webhook-bad-signature and webhook-wrong-secret", async () => {
    const url = await startPythonReceiver();
    const world = await buildWebhookWorld();
    world.addReceiver(`${url}/vivix`);
    for (const scenario of ["webhook-bad-signature", "webhook-wrong-secret"]) {
      await world.submit(scenario);
      await world.createSync(`${url}/sync`, scenario);
    }
    await world.pass("1m");
    expect(verdicts(world)).toEqual(Array.from({ length: 4 }, () => "not verified: raw"));
    expect(world.told().map(({ status, attempts }) => [status, attempts])).toEqual(
      Array.from({ length: 4 }, () => ["failed", 4]),
    );
  });
});
