/** States the facts about vivix's webhooks, with their sources and tests. */
import type { WebhookFact } from "../vendor.ts";

const signatures = ["delivery/signatures"] as const;

export const webhookFacts: readonly WebhookFact[] = [
  {
    what: "endpoints",
    how: "up to five per account, each with its own secret; every enabled endpoint receives each webhook",
    source: "doc",
    tests: [...signatures, "control/webhooks/routes"],
  },
  { what: "when", how: "a generation has completed or failed", source: "doc", tests: signatures },
  {
    what: "`X-Vivix-Signature`",
    how: "`sha256=` hex HMAC-SHA256 of the body; no time is signed",
    source: "doc",
    tests: [...signatures, "delivery/scenarios"],
  },
  { what: "`X-Vivix-Event`", how: "`generation.completed` or `generation.failed`", source: "doc", tests: signatures },
  { what: "`X-Vivix-Delivery-Id`", how: "a UUID, a new one for each attempt", source: "doc", tests: signatures },
  { what: "`User-Agent`", how: "`Vivix-Webhook/1.0`", source: "doc", tests: signatures },
  {
    what: "body",
    how: "generation_id, status, model, output_url, output_urls, credits_charged, duration_ms, completed_at with milliseconds; no created_at",
    source: "doc",
    tests: signatures,
  },
  {
    what: "body of a failure",
    how: "the same with null URLs, and error_code and error_message",
    source: "doc",
    tests: signatures,
  },
  { what: "`output_urls` of a failure", how: "null", source: "doc", tests: signatures },
  {
    what: "error_code and error_message of a success",
    how: "absent, as in the sample",
    source: "doc",
    tests: signatures,
  },
  {
    what: "`model`",
    how: "the provider's id (`runware:101@1`); the id of each slug is our choice",
    source: "inferred",
    tests: signatures,
  },
  {
    what: "`output_url`",
    how: "the model provider's host (`im.runware.ai`, here a folder of that name) and not the bucket that polling shows",
    source: "doc",
    tests: signatures,
  },
  {
    what: "attempts",
    how: "success is 2xx within 10 s; otherwise retries follow after 1 s, 5 s and 25 s with the same body; redirects are not followed",
    source: "inferred",
    tests: ["delivery/schedule", "delivery/destinations"],
  },
];
