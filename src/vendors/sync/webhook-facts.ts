/** States the facts about sync's webhooks, with their sources and tests. */
import type { WebhookFact } from "../vendor.ts";

const signatures = ["delivery/signatures"] as const;
const batches = ["vendors/sync/batches/webhooks"] as const;

export const webhookFacts: readonly WebhookFact[] = [
  {
    what: "`webhookUrl` of a generation",
    how: "one POST when it is COMPLETED or FAILED",
    source: "sdk",
    tests: [...signatures, "delivery/order"],
  },
  {
    what: "a REJECTED generation",
    how: "no webhook: the notification's status has no such value",
    source: "sdk",
    tests: signatures,
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
    tests: signatures,
  },
  { what: "keys without a value", how: "null, as in reads", source: "inferred", tests: signatures },
  {
    what: "body of a batch",
    how: "the body of a read; `vendors.sync.batchNotifications` switches to the keys of the page's example",
    source: "doc",
    tests: batches,
  },
  {
    what: "form of the body",
    how: "compact JSON in ASCII; URLs beyond ASCII are percent-encoded and texts are escaped; `vendors.sync.webhookText` can leave texts raw",
    source: "inferred",
    tests: signatures,
  },
  {
    what: "`Sync-Signature`",
    how: "`t=…,v1=` hex HMAC-SHA256 of `t.body`",
    source: "doc",
    tests: [...signatures, "delivery/scenarios"],
  },
  { what: "`t` of the signature", how: "the time of the attempt, in seconds", source: "inferred", tests: signatures },
  {
    what: "attempts",
    how: "success is 2xx within 10 s; otherwise retries follow after 1 s, 5 s and 25 s; redirects are not followed",
    source: "inferred",
    tests: ["delivery/schedule", "delivery/destinations"],
  },
];
