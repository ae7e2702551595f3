/** Builds a test world whose sync and vivix generations send webhooks, and watches the deliveries of any world. */
import { startReceiver, type Received } from "./receiver.ts";
import type { Attempt, Delivery } from "../../src/engine/delivery/delivery.ts";
import { addEndpoint } from "../../src/delivery/endpoints.ts";
import type { ConfigInput } from "../../src/config.ts";
import { advance, type Advanced } from "../../src/engine/sandbox/advance.ts";
import { parseDuration } from "../../src/engine/base/durations.ts";
import { buildTestWorld, type TestWorld } from "./app.ts";
import { createGeneration as createVideo, marked } from "./sync.ts";
import { createGeneration as createImage, image } from "./vivix.ts";

/** A delivery with its attempts. */
interface Told extends Delivery {
  readonly made: readonly Attempt[];
}

/** A sandbox with a frozen clock, and its deliveries. */
export interface WatchedWorld extends TestWorld {
  /** Returns every delivery of the sandbox, oldest first. */
  readonly told: () => readonly Told[];
  /** Advances the clock; `settle` limits the real time of each stop. */
  readonly pass: (by: string, settle?: number) => Promise<Advanced>;
}

/** Returns the world with functions that list its deliveries and advance its clock. */
export function watchDeliveries(world: TestWorld): WatchedWorld {
  const { app, sandbox } = world;
  return {
    ...world,
    told: () =>
      app.outbox.list(sandbox).map((delivery) => ({ ...delivery, made: app.outbox.attemptsOf(sandbox, delivery) })),
    pass: (by, settle) => advance(sandbox, (now) => now + (parseDuration(by) ?? Number.NaN), settle),
  };
}

/** A sandbox whose sync and vivix generations send webhooks when they end. */
export interface WebhookWorld extends WatchedWorld {
  /** Adds a vivix endpoint to an account; its secret is by default `secret`. */
  readonly addReceiver: (url: string, options?: { account?: string; secret?: string }) => void;
  /** Creates a vivix image and returns its id; a marker in the prompt chooses `scenario`. */
  readonly submit: (scenario?: string, account?: string) => Promise<string>;
  /** Creates a sync generation that sends its webhook to `webhookUrl`. */
  readonly createSync: (webhookUrl: string, scenario?: string) => Promise<string>;
}

export async function buildWebhookWorld(values: ConfigInput = {}, name = "world"): Promise<WebhookWorld> {
  const world = watchDeliveries(await buildTestWorld(values, name));
  const { sandbox } = world;
  return {
    ...world,
    addReceiver: (url, { account = "main", secret = "secret" } = {}) => {
      addEndpoint({ sandbox, account: sandbox.account(account), vendor: "vivix" }, { url, secret }, 5);
    },
    submit: (scenario = "succeed", account = "main") =>
      createImage(world, { ...image, prompt: `a lighthouse fauxgen:${scenario}` }, { account }),
    createSync: (webhookUrl, scenario = "succeed") => createVideo(world, { ...marked(scenario), webhookUrl }),
  };
}

/** Returns the first webhook that arrives after `act`, once all generations have ended. */
export async function firstWebhookOf(act: (world: WebhookWorld, url: string) => Promise<unknown>): Promise<Received> {
  const receiver = await startReceiver();
  const world = await buildWebhookWorld();
  await act(world, receiver.url);
  await world.pass("2s");
  const [received] = receiver.received;
  if (received === undefined) throw new Error("None came.");
  return received;
}
