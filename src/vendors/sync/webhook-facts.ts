/** States the facts about sync's webhooks, with their sources and tests. */
import type { WebhookFact } from "../vendor.ts";

const webhook = ["vendors/sync/webhook"] as const;
const batches = ["vendors/sync/batches/webhooks"] as const;

export const webhookFacts: readonly WebhookFact[] = [
  {
    what: "`webhookUrl` of a generation",
    how: "one POST when it is COMPLETED or FAILED",
    source: "sdk",
    tests: webhook,
  },
  {
    what: "a REJECTED generation",
    how: "no webhook: the notification's status has no such value",
    source: "sdk",
    tests: webhook,
  },
  {
    what: "`webhook_url` of a batch",
    how: "one POST when its last generation has ended",
    source: "doc",
    tests: batches,
  },
  {
    what: "body of a generation",
    how: "id, createdAt, status, model, input, webhookUrl, options, outputUrl, segmentOutputUrl, outputDuration, error, error_code",
    source: "sdk",
    tests: webhook,
  },
  { what: "keys without a value", how: "null, as in reads", source: "inferred", tests: webhook },
  {
    what: "body of a batch",
    how: "the body of a read; `vendors.sync.batchNotifications` switches to the keys of the page's example",
    source: "doc",
    tests: batches,
  },
  {
    what: "form of the body",
    how: "compact JSON; URLs beyond ASCII are percent-encoded and texts are UTF-8, which verify over the raw body and in JavaScript; `vendors.sync.webhookText` escapes texts, which then verify over the raw body and in Python",
    source: "inferred",
    tests: webhook,
  },
  {
    what: "`Sync-Signature`",
    how: "`t=…,v1=` hex HMAC-SHA256 of `t.body`",
    source: "doc",
    tests: webhook,
  },
  {
    what: "`X-Signature-Primary`",
    how: "hex HMAC-SHA256 of the body, instead of `Sync-Signature` or beside it, by `vendors.sync.webhookSignature`",
    source: "inferred",
    tests: webhook,
  },
  { what: "`t` of the signature", how: "the time of the attempt, in seconds", source: "inferred", tests: webhook },
  {
    what: "attempts",
    how: "success is 2xx within 10 s; otherwise retries follow after 1 s, 5 s and 25 s; redirects are not followed",
    source: "inferred",
    tests: webhook,
  },
];
