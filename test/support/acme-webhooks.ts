/** Builds worlds whose Acme jobs send webhooks, and verifies these webhooks as a receiver does. */
import { createHmac } from "node:crypto";
import { addEndpoint } from "../../src/delivery/endpoints.ts";
import type { ConfigInput } from "../../src/config.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { acme } from "./acme/index.ts";
import { buildAcmeWorld, createGeneration, marked } from "./acme.ts";
import type { Received } from "./receiver.ts";
import { watchDeliveries, type WatchedWorld } from "./webhooks.ts";

/** A sandbox with a frozen clock whose Acme jobs send webhooks. */
export interface WebhookWorld extends WatchedWorld {
  /** Adds an Acme endpoint to an account; the default secret is `secret`. */
  readonly addReceiver: (url: string, options?: { account?: string; secret?: string }) => void;
  /** Orders a picture for the account's endpoints and returns its id. */
  readonly submit: (scenario?: string, account?: string) => Promise<string>;
  /** Orders a picture whose request names the receiver, and returns its id. */
  readonly submitTo: (url: string, scenario?: string) => Promise<string>;
}

export async function buildWebhookWorld(
  values?: ConfigInput,
  name?: string,
  list?: readonly Vendor[],
): Promise<WebhookWorld> {
  const world = watchDeliveries(await buildAcmeWorld(values, name, list));
  const { sandbox } = world;
  return {
    ...world,
    addReceiver: (url, { account = "main", secret = "secret" } = {}) => {
      addEndpoint({ sandbox, account: sandbox.account(account), vendor: "acme" }, { url, secret }, 5);
    },
    submit: (scenario = "succeed", account = "main") => createGeneration(world, marked(scenario), { account }),
    submitTo: (url, scenario = "succeed") => createGeneration(world, { ...marked(scenario), webhook: url }),
  };
}

/** Returns the timestamp of an Acme webhook in seconds, or undefined if its signature is wrong. */
export function signedAt(
  { headers, body }: Pick<Received, "headers" | "body">,
  secret = acme.webhooks?.defaultSecret ?? "",
): number | undefined {
  const [, seconds = "", signature] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(headers["acme-signature"])) ?? [];
  const expected = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return signature === expected ? Number(seconds) : undefined;
}
