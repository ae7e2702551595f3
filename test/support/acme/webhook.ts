/**
 * Builds Acme's webhooks: sent with a timestamp to the request's receiver and the account's endpoints when a job ends.
 */
import { createHmac } from "node:crypto";
import { endpointsOf } from "../../../src/delivery/endpoints.ts";
import type { VendorWebhooks, WebhookMessage, WebhookToSign } from "../../../src/delivery/webhooks.ts";
import type { Account } from "../../../src/engine/generation/accounts.ts";
import type { Transition } from "../../../src/engine/generation/generations.ts";
import { uuidFrom } from "../../../src/engine/base/ids.ts";
import { observe } from "../../../src/engine/model/observation.ts";
import { isTerminal } from "../../../src/engine/model/phases.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { stateOf } from "./account.ts";
import { attributesOf } from "./store.ts";
import { formatJob } from "./views.ts";

const DEFAULT_SECRET = "acme-default-secret";

export const webhooks: VendorWebhooks = {
  kind: "timestamped",
  defaultSecret: DEFAULT_SECRET,
  secretOf,
  messagesOf,
  headersOf,
  retryDelaysMs: [1000, 5000, 25_000],
  timeoutMs: 10_000,
  mostEndpoints: 5,
};

function secretOf(account: Account): string {
  return stateOf(account).webhookSecret ?? DEFAULT_SECRET;
}

function messagesOf(sandbox: Sandbox, { generation, to, at }: Transition): WebhookMessage[] {
  if (!isTerminal(to)) return [];
  const account = sandbox.account(generation.account);
  const { webhook } = attributesOf(generation);
  const receivers = [
    ...(webhook === undefined ? [] : [{ url: webhook, secret: secretOf(account) }]),
    ...endpointsOf(sandbox, account, "acme").filter(({ isEnabled }) => isEnabled),
  ];
  const payload = formatJob(observe(generation, at), sandbox, generation.origin);
  return receivers.map(({ url, secret }) => ({ url, secret, event: `job.${payload.state}`, payload }));
}

function headersOf({ body, secret, event, at, digest }: WebhookToSign): Record<string, string> {
  const seconds = Math.floor(at / 1000);
  const signature = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return {
    "Content-Type": "application/json",
    "Acme-Signature": `t=${seconds},v1=${signature}`,
    "Acme-Event": event,
    "Acme-Attempt": uuidFrom(digest),
  };
}
