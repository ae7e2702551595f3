/**
 * Builds vivix's webhooks [doc: /docs/api/webhooks]: they go to every enabled endpoint of the account when a generation
 * ends. Their fields have other names than those of polling. A generation that a test cancels is reported as failed, as
 * in polling.
 */
import { createHmac } from "node:crypto";
import { endpointsOf } from "../../delivery/endpoints.ts";
import type { VendorWebhooks, WebhookMessage, WebhookToSign } from "../../delivery/webhooks.ts";
import type { Transition } from "../../engine/generation/generations.ts";
import { uuidFrom } from "../../engine/base/ids.ts";
import { observe } from "../../engine/model/observation.ts";
import { isTerminal } from "../../engine/model/phases.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { PROVIDER_HOST } from "./file-host.ts";
import { attributesOf } from "./store.ts";
import { formatGeneration, outputUrls } from "./views.ts";

export const webhooks: VendorWebhooks = {
  kind: "signed",
  // The form of a secret is not documented [inferred].
  defaultSecret: "vvx_whsec_fauxgen_default_secret",
  messagesOf,
  headersOf,
  // Neither schedule nor timeout could be read: retries after 1 s, 5 s and 25 s, and a timeout of 10 s, are our choice
  // [inferred].
  retryDelaysMs: [1000, 5000, 25_000],
  timeoutMs: 10_000,
  mostEndpoints: 5,
};

function messagesOf(sandbox: Sandbox, transition: Transition): WebhookMessage[] {
  if (!isTerminal(transition.to)) return [];
  const account = sandbox.account(transition.generation.account);
  const endpoints = endpointsOf(sandbox, account, "vivix").filter(({ isEnabled }) => isEnabled);
  if (endpoints.length === 0) return [];
  const payload = payloadOf(sandbox, transition);
  return endpoints.map(({ url, secret }) => ({ url, secret, event: `generation.${payload.status}`, payload }));
}

/**
 * Builds the body of a webhook. Polling has credits_used, error and message; this body has credits_charged, error_code
 * and error_message. On failure its URLs are null and not absent, and on success they have the provider's host instead
 * of the bucket's. `completed_at` has milliseconds, `created_at` is absent, and `model` is the provider's id,
 * `runware:101@1`, and not the slug [doc]. The id of each slug is our choice [inferred]. The generation's id is the one
 * of polling: the sample's id looks like another version of UUID, but a receiver could not match such an id to a
 * generation [inferred]. The separator in the sample's `duration_ms` is not valid JSON and is left out.
 */
function payloadOf(sandbox: Sandbox, { generation, at }: Transition) {
  const observed = observe(generation, at);
  const polled = formatGeneration(observed, sandbox, generation.origin);
  const isCompleted = polled.status === "completed";
  const urls = outputUrls(observed.outputs, sandbox, generation.origin, PROVIDER_HOST);
  return {
    generation_id: generation.id,
    status: isCompleted ? ("completed" as const) : ("failed" as const),
    model: attributesOf(generation).providerModel,
    output_url: isCompleted ? (urls[0] ?? "") : null,
    output_urls: isCompleted ? urls : null,
    credits_charged: isCompleted ? polled.credits_used : 0,
    duration_ms: observed.elapsedMs,
    completed_at: new Date(at).toISOString(),
    // The sample of a success has neither key [doc].
    ...("error" in polled && { error_code: polled.error, error_message: polled.message }),
  };
}

/** Returns the headers of a webhook. No timestamp is signed or sent; each attempt has a new delivery id [doc]. */
function headersOf({ body, secret, event, digest }: WebhookToSign): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "User-Agent": "Vivix-Webhook/1.0",
    "X-Vivix-Signature": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    "X-Vivix-Event": event,
    "X-Vivix-Delivery-Id": uuidFrom(digest),
  };
}
