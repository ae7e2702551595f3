/** Lists the scenarios that test a receiver of webhooks. */
import type { Scenario } from "./plan.ts";

const succeeding = { ends: "succeeded", outputs: "succeeded" } as const;

/** Each succeeds; a user's scenario can combine these faults with any outcome. */
export const webhookScenarios: readonly Scenario[] = [
  { name: "webhook-duplicate", summary: "Its webhook is sent twice", ...succeeding, webhook: { copies: 2 } },
  {
    name: "webhook-out-of-order",
    summary: "Its webhook is sent after the next one to the same receiver, or after 10 s without one",
    ...succeeding,
    webhook: { swapped: true },
  },
  {
    name: "webhook-late",
    summary: "Its webhook is sent 30 s after it ended, long after a poller saw the end",
    ...succeeding,
    webhook: { delay: 30_000 },
  },
  {
    name: "webhook-first",
    summary: "Ends at once, and its webhook is sent and answered before the create is",
    ...succeeding,
    durations: { queued: 0, processing: 0 },
    progression: "time",
    webhook: { beforeAnswer: true },
  },
  { name: "webhook-lost", summary: "Its webhook is never sent", ...succeeding, webhook: { lost: true } },
  {
    name: "webhook-bad-signature",
    summary: "Its webhook carries the signature of another body",
    ...succeeding,
    webhook: { signature: "bad" },
  },
  {
    name: "webhook-old-timestamp",
    summary: "Its webhook has a correct signature that is an hour old",
    ...succeeding,
    webhook: { signature: "old" },
  },
  {
    name: "webhook-wrong-secret",
    summary: "Its webhook is signed with another secret",
    ...succeeding,
    webhook: { signature: "wrong-secret" },
  },
  {
    name: "webhook-huge",
    summary: "Its webhook's body is padded by 2 MiB, above the limit of most receivers",
    ...succeeding,
    webhook: { padBytes: 2 * 1024 * 1024 },
  },
  {
    name: "webhook-slow",
    summary: "Its webhook's body takes 3 s of real time to arrive",
    ...succeeding,
    webhook: { sendOver: 3000 },
  },
];
