/** Lists the scenarios that test a receiver of webhooks. */
import type { Scenario } from "./plan.ts";

const succeeding = { ends: "succeeded", outputs: "succeeded" } as const;

/** Each succeeds; a user's scenario can combine these faults with any end. */
export const webhookScenarios: readonly Scenario[] = [
  { name: "webhook-duplicate", summary: "Sends the webhook twice", ...succeeding, webhook: { copies: 2 } },
  {
    name: "webhook-out-of-order",
    summary: "Sends the webhook after the next webhook to the same receiver, or after 10 s without a next one",
    ...succeeding,
    webhook: { swapped: true },
  },
  {
    name: "webhook-late",
    summary: "Sends the webhook 30 s after the end, long after a poller saw the end",
    ...succeeding,
    webhook: { delay: 30_000 },
  },
  {
    name: "webhook-first",
    summary: "Ends at once, and answers the create only after the webhook was sent and answered",
    ...succeeding,
    durations: { queued: 0, processing: 0 },
    progression: "time",
    webhook: { beforeAnswer: true },
  },
  { name: "webhook-lost", summary: "Never sends the webhook", ...succeeding, webhook: { lost: true } },
  {
    name: "webhook-bad-signature",
    summary: "Sends the webhook with the signature of another body",
    ...succeeding,
    webhook: { signature: "bad" },
  },
  {
    name: "webhook-old-timestamp",
    summary: "Sends the webhook with a correct signature that is an hour old",
    ...succeeding,
    webhook: { signature: "old" },
  },
  {
    name: "webhook-wrong-secret",
    summary: "Sends the webhook with a signature made with a wrong secret",
    ...succeeding,
    webhook: { signature: "wrong-secret" },
  },
  {
    name: "webhook-huge",
    summary: "Pads the webhook's body by 2 MiB, above the limit of most receivers",
    ...succeeding,
    webhook: { padBytes: 2 * 1024 * 1024 },
  },
  {
    name: "webhook-slow",
    summary: "Sends the webhook's body over 3 s of real time",
    ...succeeding,
    webhook: { sendOver: 3000 },
  },
];
