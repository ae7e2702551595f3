import type { Attempt, Delivery } from "../../src/delivery/delivery.ts";
import { addEndpoint } from "../../src/delivery/endpoints.ts";
import type { ConfigInput } from "../../src/config.ts";
import { advance, type Advanced } from "../../src/engine/sandbox/advance.ts";
import { parseDuration } from "../../src/engine/base/durations.ts";
import { sync } from "../../src/vendors/sync/index.ts";
import { vivix } from "../../src/vendors/vivix/index.ts";
import { buildTestWorld, type TestWorld } from "./app.ts";

/** A delivery with how its receiver took it. */
interface Told extends Delivery {
  readonly made: readonly Attempt[];
}

/** A sandbox with a frozen clock whose generations tell receivers of their ends. */
export interface WebhookWorld extends TestWorld {
  /** Adds a vivix endpoint of an account, with the secret `secret` unless another is given. */
  readonly addReceiver: (url: string, options?: { account?: string; secret?: string }) => void;
  /** Submits a vivix image and answers its id; `scenario` is chosen by a marker in the prompt. */
  readonly submit: (scenario?: string, account?: string) => Promise<string>;
  /** Creates a sync generation that tells `webhookUrl`. */
  readonly createSync: (webhookUrl: string, scenario?: string) => Promise<string>;
  /** Every delivery of the sandbox, oldest first. */
  readonly told: () => readonly Told[];
  /** Advances the clock; `settle` is the real-time guard of each stop. */
  readonly pass: (by: string, settle?: number) => Promise<Advanced>;
}

export async function buildWebhookWorld(values: ConfigInput = {}, name = "world"): Promise<WebhookWorld> {
  const world = await buildTestWorld(values, name);
  const { app, sandbox, send } = world;
  return {
    ...world,
    addReceiver: (url, { account = "main", secret = "secret" } = {}) => {
      addEndpoint({ sandbox, account: sandbox.account(account), vendor: "vivix" }, { url, secret }, 5);
    },
    submit: async (scenario = "succeed", account = "main") => {
      const body = { model: "grok-imagine-image-quality", prompt: `a lighthouse fauxgen:${scenario}` };
      const created = await send(vivix, account, { method: "POST", url: "/api/v1/generate", body });
      if (created.statusCode !== 201) throw new Error(created.body);
      return created.json<{ generation_id: string }>().generation_id;
    },
    createSync: async (webhookUrl, scenario = "succeed") => {
      const input = [
        { type: "video", url: `https://media.test/fauxgen:${scenario}.mp4` },
        { type: "audio", url: "https://media.test/speech.wav" },
      ];
      const body = { model: "lipsync-2", input, webhookUrl };
      const created = await send(sync, "main", { method: "POST", url: "/v2/generate", body });
      if (created.statusCode !== 201) throw new Error(created.body);
      return created.json<{ id: string }>().id;
    },
    told: () =>
      app.outbox.list(sandbox).map((delivery) => ({ ...delivery, made: app.outbox.attemptsOf(sandbox, delivery) })),
    pass: (by, settle) => advance(sandbox, (now) => now + (parseDuration(by) ?? Number.NaN), settle),
  };
}
