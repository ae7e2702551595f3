/** Finds what the client's receiver does wrong with webhooks. */
import type { Attempt } from "../../engine/delivery/delivery.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { canonicalBody, type Conversation, type Evidence, type Webhook } from "./conversation.ts";
import type { FindingId } from "./finding-kinds.ts";

export function receivingOf(talk: Conversation): readonly Evidence[] {
  const honest = talk.webhooks.filter(({ delivery }) => delivery.webhookFaults?.signature === undefined);
  return [
    ...byAttempt("webhook-slow", honest, ({ ending }) => ending === "timed-out"),
    ...byAttempt("webhook-redirects", honest, ({ status = 0 }) => status >= 300 && status < 400),
    ...byAttempt("webhook-not-2xx", honest, ({ status = 0 }) => status >= 400),
    ...forgeries(talk),
    ...replays(talk),
  ];
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
    },
  ];
}

function forgeries({ webhooks }: Conversation): Evidence[] {
  return webhooks
    .filter(({ delivery }) => delivery.webhookFaults?.signature !== undefined && delivery.status === "delivered")
    .map((webhook) => ({
      id: "webhook-forgery-accepted" as const,
      what: `${webhook.delivery.id} (${webhook.delivery.event}) was signed "${webhook.delivery.webhookFaults?.signature ?? ""}" and accepted.`,
      webhooks: [webhook],
      generation: webhook.delivery.subject,
    }));
}

function replays(talk: Conversation): Evidence[] {
  const accepted = talk.webhooks.filter(({ delivery }) => delivery.status === "delivered");
  const copies = Map.groupBy(accepted, ({ delivery }) => `${delivery.subject} ${delivery.event} ${delivery.receiver}`);
  return [...copies.values()].flatMap((same) => {
    const [first, second] = same;
    const [from, then] = [first?.attempts.at(-1)?.at, second?.attempts.at(-1)?.at];
    if (first === undefined || second === undefined || from === undefined || then === undefined || then <= from)
      return [];
    const about = talk.requests.filter(
      ({ generations = [], operation }) =>
        generations.includes(first.delivery.subject) && !isAmong(talk.facts.statusReads, operation),
    );
    const after = about.filter(({ at }) => at >= then);
    const repeated = about
      .filter(({ at }) => at >= from && at < then)
      .find((one) => after.some((each) => isSame(one, each)));
    if (repeated === undefined) return [];
    return [
      {
        id: "webhook-replayed-twice" as const,
        what: `${first.delivery.id} and its copy ${second.delivery.id} each led to ${repeated.method} ${repeated.url}.`,
        requests: [repeated, ...after.filter((each) => isSame(repeated, each))],
        webhooks: [first, second],
        generation: first.delivery.subject,
      },
    ];
  });
}

function isSame(one: JournalEntry, other: JournalEntry): boolean {
  return one.method === other.method && one.url === other.url && canonicalBody(one) === canonicalBody(other);
}

function isAmong(operations: readonly string[], operation: string | undefined): boolean {
  return operation !== undefined && operations.includes(operation);
}
