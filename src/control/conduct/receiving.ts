/** Finds what the client's receiver does wrong with webhooks. */
import type { Attempt, Delivery } from "../../engine/delivery/delivery.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { Conversation, Evidence, Webhook } from "./conversation.ts";
import { canonicalBody, isDamaged, isSameRequest } from "./entries.ts";
import type { FindingId } from "./finding-kinds.ts";

export function receivingOf(talk: Conversation): readonly Evidence[] {
  const honest = talk.webhooks.filter(({ delivery }) => flawOf(delivery) === undefined && !isOdd(delivery));
  return [
    ...byAttempt("webhook-slow", honest, ({ ending }) => ending === "timed-out"),
    ...byAttempt("webhook-redirects", honest, ({ status = 0 }) => status >= 300 && status < 400),
    ...byAttempt("webhook-not-2xx", honest, ({ status = 0 }) => status >= 400),
    ...forgeries(talk),
    ...replays(talk),
  ];
}

/** Returns how the signature of a delivery is wrong. */
function flawOf({ signature, webhookFaults }: Delivery): string | undefined {
  return signature ?? webhookFaults?.signature;
}

/** Returns whether a scenario sends a delivery so that a receiver may refuse it: very large, or very slowly. */
function isOdd({ webhookFaults }: Delivery): boolean {
  return webhookFaults?.padBytes !== undefined || webhookFaults?.sendOver !== undefined;
}

function byAttempt(id: FindingId, webhooks: readonly Webhook[], isFound: (attempt: Attempt) => boolean): Evidence[] {
  const found = webhooks.filter(({ attempts }) => attempts.some(isFound));
  const [first] = found;
  const attempt = first?.attempts.find(isFound);
  if (first === undefined || attempt === undefined) return [];
  const answer = attempt.status === undefined ? `ended ${attempt.ending}` : `was answered ${attempt.status}`;
  return [
    {
      id,
      what: `Attempt ${attempt.number} of ${first.delivery.id} (${first.delivery.event}) ${answer} after ${Math.round(attempt.tookMs)} ms${found.length > 1 ? `, as were ${found.length - 1} others` : ""}.`,
      webhooks: found,
      generation: first.delivery.subject,
      // A receiver may be down for a moment, and the vendor's next attempt reaches it.
      ...(found.every(({ delivery }) => delivery.status === "delivered") && { severity: "note" as const }),
    },
  ];
}

function forgeries({ webhooks }: Conversation): Evidence[] {
  return webhooks
    .filter(({ delivery }) => flawOf(delivery) !== undefined && delivery.status === "delivered")
    .map((webhook) => ({
      id: "webhook-forgery-accepted" as const,
      what: `${webhook.delivery.id} (${webhook.delivery.event}) was signed "${flawOf(webhook.delivery) ?? ""}" and accepted.`,
      webhooks: [webhook],
      generation: webhook.delivery.subject,
    }));
}

function replays(talk: Conversation): Evidence[] {
  const accepted = talk.webhooks.filter(
    ({ delivery }) => delivery.status === "delivered" && flawOf(delivery) === undefined,
  );
  const copies = Map.groupBy(accepted, ({ delivery }) => `${delivery.subject} ${delivery.event} ${delivery.receiver}`);
  return [...copies.values()].flatMap((same) => {
    const [first, second] = [...same].sort((one, other) => endedAt(one) - endedAt(other));
    if (first === undefined || second === undefined) return [];
    const done = talk.requests.filter((entry) => isWork(talk, entry, first.delivery.subject));
    const repeated = done
      .filter(({ at }) => at >= sentAt(first))
      .find((one) => done.some((each) => each.id > one.id && each.at >= sentAt(second) && isSameRequest(one, each)));
    if (repeated === undefined) return [];
    return [
      {
        id: "webhook-replayed-twice" as const,
        what: `${first.delivery.id} and its copy ${second.delivery.id} each led to ${repeated.method} ${repeated.url}.`,
        requests: done.filter((each) => each.id >= repeated.id && isSameRequest(repeated, each)),
        webhooks: [first, second],
        generation: first.delivery.subject,
      },
    ];
  });
}

function sentAt({ attempts }: Webhook): number {
  return attempts.at(-1)?.at ?? 0;
}

function endedAt({ attempts }: Webhook): number {
  return attempts.at(-1)?.endedAt ?? 0;
}

/**
 * Returns whether a request is work that a webhook may lead to: the whole result of its generation, another request
 * about it, or a create that uses it. A read of the state is not, nor a repetition of what failed, nor a part of a file.
 */
function isWork(talk: Conversation, entry: JournalEntry, subject: string): boolean {
  const { generations = [], operation, method, requestHeaders } = entry;
  if (isDamaged(entry) || (entry.status ?? 0) >= 300 || requestHeaders["range"] !== undefined) return false;
  if (method === "POST" && isAmong(talk.facts.creates, operation))
    return !hasIdempotencyKey(talk, entry) && canonicalBody(entry)?.includes(subject) === true;
  return generations.includes(subject) && !isAmong(talk.facts.statusReads, operation);
}

function hasIdempotencyKey({ facts }: Conversation, { requestHeaders }: JournalEntry): boolean {
  return facts.idempotencyHeader !== undefined && requestHeaders[facts.idempotencyHeader.name] !== undefined;
}

function isAmong(operations: readonly string[], operation: string | undefined): boolean {
  return operation !== undefined && operations.includes(operation);
}
