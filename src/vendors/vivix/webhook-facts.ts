/** States the facts about vivix's webhooks, with their sources and tests. */
import type { WebhookFact } from "../vendor.ts";

const webhook = ["vendors/vivix/webhook"] as const;

export const webhookFacts: readonly WebhookFact[] = [
  {
    what: "endpoints",
    how: "up to five per account, each with its own secret; every enabled endpoint receives each webhook",
    source: "doc",
    tests: webhook,
  },
  { what: "when", how: "a generation has completed or failed", source: "doc", tests: webhook },
  {
    what: "`X-Vivix-Signature`",
    how: "`sha256=` hex HMAC-SHA256 of the body; no time is signed",
    source: "doc",
    tests: webhook,
  },
  { what: "`X-Vivix-Event`", how: "`generation.completed` or `generation.failed`", source: "doc", tests: webhook },
  { what: "`X-Vivix-Delivery-Id`", how: "a UUID, a new one for each attempt", source: "doc", tests: webhook },
  { what: "`User-Agent`", how: "`Vivix-Webhook/1.0`", source: "doc", tests: webhook },
  {
    what: "body",
    how: "generation_id, status, model, output_url, output_urls, credits_charged, duration_ms, completed_at with milliseconds; no created_at",
    source: "doc",
    tests: webhook,
  },
  {
    what: "body of a failure",
    how: "the same with null URLs, and error_code and error_message",
    source: "doc",
    tests: webhook,
  },
  { what: "`output_urls` of a failure", how: "null", source: "doc", tests: webhook },
  {
    what: "error_code and error_message of a success",
    how: "absent, as in the sample",
    source: "doc",
    tests: webhook,
  },
  {
    what: "`model`",
    how: "the provider's id (`runware:101@1`); the id of each slug is our choice",
    source: "inferred",
    tests: webhook,
  },
  {
    what: "`output_url`",
    how: "the model provider's host (`im.runware.ai`, here a folder of that name) and not the bucket that polling shows",
    source: "doc",
    tests: webhook,
  },
  {
    what: "attempts",
    how: "success is 2xx within 10 s; otherwise retries follow after 1 s, 5 s and 25 s with the same body; redirects are not followed",
    source: "inferred",
    tests: webhook,
  },
];
