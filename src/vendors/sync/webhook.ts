/**
 * Builds sync's webhooks [doc: webhooks guide]: to the `webhookUrl` of a generation when it completes or fails, and to
 * the `webhook_url` of a batch when its last generation has ended.
 */
import { createHmac } from "node:crypto";
import type { VendorWebhooks, WebhookMessage, WebhookToSign } from "../../delivery/webhooks.ts";
import type { Transition } from "../../engine/generation/generations.ts";
import { observe } from "../../engine/model/observation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { DEFAULT_WEBHOOK_SECRET, webhookSecretOf } from "./account.ts";
import type { BatchView } from "./batches/schemas.ts";
import { formatBatch } from "./batches/views.ts";
import { batchEndedBy } from "./batches/store.ts";
import { settingsOf } from "./settings.ts";
import { echoOf } from "./generations/store.ts";
import { formatGeneration } from "./generations/views.ts";

export const webhooks: VendorWebhooks = {
  kind: "timestamped",
  defaultSecret: DEFAULT_WEBHOOK_SECRET,
  secretOf: webhookSecretOf,
  messagesOf,
  headersOf,
  // No retry policy is documented and the guide tells users to poll: retries after 1 s, 5 s and 25 s, and a timeout of
  // 10 s, are our choice [inferred].
  retryDelaysMs: [1000, 5000, 25_000],
  timeoutMs: 10_000,
};

function messagesOf(sandbox: Sandbox, transition: Transition): WebhookMessage[] {
  const messages = [...generationMessages(sandbox, transition), ...batchMessages(sandbox, transition)];
  if (messages.length === 0) return [];
  const secret = webhookSecretOf(sandbox.account(transition.generation.account));
  const { webhookText: text } = settingsOf(sandbox);
  return messages.map((message) => ({ ...message, text, secret }));
}

type UnsignedMessage = Omit<WebhookMessage, "secret">;

function generationMessages(sandbox: Sandbox, transition: Transition): UnsignedMessage[] {
  const { generation, to } = transition;
  // The notification's status has COMPLETED and FAILED only [sdk], so REJECTED sends none.
  if (generation.kind !== "generation" || (to !== "succeeded" && to !== "failed" && to !== "cancelled")) return [];
  const url = echoOf(generation).webhookUrl;
  if (url == null) return [];
  const payload = notificationOf(sandbox, transition);
  return [{ url, event: `generation.${to === "succeeded" ? "completed" : "failed"}`, payload }];
}

function batchMessages(sandbox: Sandbox, transition: Transition): UnsignedMessage[] {
  const batch = batchEndedBy(sandbox, transition);
  const url = batch?.document.webhookUrl;
  if (batch === undefined || url == null) return [];
  const read = formatBatch(batch, sandbox, transition.generation.origin, transition.at);
  const told = { ...read, webhookUrl: asciiUrl(url) };
  const payload = settingsOf(sandbox).batchNotifications === "camelCase" ? inCamelCase(told) : told;
  return [{ url, subject: batch.id, event: `batch.${read.status.toLowerCase()}`, payload }];
}

/** Renames the keys to those of the page's example; the default is its schema, which has the keys of a read [doc]. */
function inCamelCase({ id, status, metrics, outputUrl, webhookUrl, created_at }: BatchView) {
  const { total_generations, success_count, failed_count, pending_count } = metrics;
  return {
    id,
    status,
    metrics: {
      totalGenerations: total_generations,
      successCount: success_count,
      failedCount: failed_count,
      pendingCount: pending_count,
    },
    outputUrl,
    webhookUrl,
    createdAt: created_at,
    options: {},
  };
}

/** Builds a `GenerationNotification` [sdk]: it has fewer keys than a read, and the error's code only in snake_case. */
function notificationOf(sandbox: Sandbox, { generation, at }: Transition) {
  const read = formatGeneration(observe(generation, at), sandbox, generation.origin);
  const { id, createdAt, status, model, input, webhookUrl, options, outputUrl, segmentOutputUrl, outputDuration } =
    read;
  const { error, error_code } = read;
  return {
    id,
    createdAt,
    status,
    model,
    input: input.map((item) => ("url" in item ? { ...item, url: asciiUrl(item.url) } : item)),
    webhookUrl: asciiUrl(webhookUrl),
    options,
    outputUrl: asciiUrl(outputUrl),
    segmentOutputUrl: asciiUrl(segmentOutputUrl),
    outputDuration,
    error,
    error_code,
  };
}

const BEYOND_ASCII = /[\u007f-\uffff]/;

/**
 * Returns an ASCII URL unchanged. Encodes any other URL as clients request it: percent-encoded, with its host in
 * Punycode [inferred]. The documented JavaScript and Python samples write an ASCII URL unchanged.
 */
function asciiUrl<Value>(url: Value): Value | string {
  return typeof url === "string" && BEYOND_ASCII.test(url) && URL.canParse(url) ? new URL(url).href : url;
}

/**
 * Returns the headers of a webhook. The unit of `t` is not stated; other vendors use seconds [inferred]. The payload
 * reference requires `X-Signature-Primary`, "HMAC signature of the payload" [doc], whose form is [inferred].
 */
function headersOf({ sandbox, body, secret, at }: WebhookToSign): Record<string, string> {
  const seconds = Math.floor(at / 1000);
  const sign = (text: string): string => createHmac("sha256", secret).update(text).digest("hex");
  const { webhookSignature: chosen } = settingsOf(sandbox);
  return {
    "Content-Type": "application/json",
    ...(chosen !== "X-Signature-Primary" && { "Sync-Signature": `t=${seconds},v1=${sign(`${seconds}.${body}`)}` }),
    ...(chosen !== "Sync-Signature" && { "X-Signature-Primary": sign(body) }),
  };
}
