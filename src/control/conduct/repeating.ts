/** Finds requests that a client should not have sent again. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import { answerOf, canonicalBody, interval, isDamaged, type Conversation, type Evidence } from "./conversation.ts";

const WINDOW_MS = 60_000;
const CREATE_DELAY_MS = 5000;
const SLACK_MS = 50;

const FINAL: ReadonlySet<number> = new Set([400, 401, 402, 403, 404, 409, 422]);

export function repeatingOf(talk: Conversation): readonly Evidence[] {
  return [...retryAfterIgnored(talk), ...createsRepeated(talk), ...keysReused(talk), ...finalErrorsRetried(talk)];
}

function retryAfterIgnored(talk: Conversation): Evidence[] {
  const { rate } = talk.sandbox.clock.state;
  return talk.requests.flatMap((refused, index) => {
    const waitMs = retryAfterMs(refused);
    if (waitMs === undefined || (refused.status ?? 0) < 400) return [];
    const next = talk.requests
      .slice(index + 1)
      .find(({ operation, account }) => operation === refused.operation && account === refused.account);
    // A request that was on its way before the answer came is not a repetition.
    if (next === undefined || next.wallAt < answerOf(refused).wallAt) return [];
    const waited = interval(answerOf(refused), next, rate);
    if (waited === undefined || waited >= waitMs - SLACK_MS) return [];
    return [
      {
        id: "retry-after-ignored" as const,
        what: `Request ${next.id} came ${waited} ms after request ${refused.id} was answered ${refused.status ?? ""} with "Retry-After: ${refused.retryAfter ?? ""}".`,
        source: "RFC 9110, section 10.2.3",
        requests: [refused, next],
      },
    ];
  });
}

/** Returns for how long an answer asked the client to wait; a date counts from the answer's own Date. */
function retryAfterMs({ retryAfter, at, answeredAt }: JournalEntry): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : date - (answeredAt ?? at);
}

function createsRepeated(talk: Conversation): Evidence[] {
  const { idempotencyHeader, lists, statusReads } = talk.facts;
  const looks = new Set<string | undefined>([...lists, ...statusReads]);
  const creates = talk.creates();
  return creates.flatMap((first, index) => {
    const body = canonicalBody(first);
    if (body === undefined || !isUncertain(first)) return [];
    const again = creates
      .slice(index + 1)
      .find(
        (each) =>
          each.account === first.account &&
          each.operation === first.operation &&
          each.wallAt - answerOf(first).wallAt <= WINDOW_MS &&
          canonicalBody(each) === body,
      );
    if (again === undefined) return [];
    const key = idempotencyHeader === undefined ? undefined : first.requestHeaders[idempotencyHeader.name];
    const hasKey = key !== undefined && key === again.requestHeaders[idempotencyHeader?.name ?? ""];
    const hasLooked = talk.requests.some(
      ({ id, account, operation, method }) =>
        id > first.id && id < again.id && account === first.account && method === "GET" && looks.has(operation),
    );
    if (hasKey || hasLooked) return [];
    return [
      {
        id: "create-repeated" as const,
        what: `Request ${again.id} repeats the create of request ${first.id}, which ${howItEnded(first)}.${idempotencyHeader === undefined ? "" : ` Neither has the header ${idempotencyHeader.name} with the same value.`}`,
        ...(idempotencyHeader !== undefined && { source: `${idempotencyHeader.what} [${idempotencyHeader.source}]` }),
        requests: [first, again],
      },
    ];
  });
}

/** Returns whether the client cannot know from the answer that nothing was made. */
function isUncertain(entry: JournalEntry): boolean {
  return (entry.status ?? 0) >= 500 || (entry.state !== "arrived" && entry.state !== "held" && isLost(entry));
}

function isLost(entry: JournalEntry): boolean {
  if ((entry.status ?? 0) >= 400) return false;
  return isDamaged(entry);
}

function howItEnded({ state, status, fault }: JournalEntry): string {
  if (state === "gone") return "the client left before its answer";
  if (state === "dropped") return "was cut off or never answered";
  return (status ?? 0) >= 500 ? `was answered ${status ?? ""}` : `was answered by a damaged reply (${fault ?? ""})`;
}

function keysReused(talk: Conversation): Evidence[] {
  const { idempotencyHeader } = talk.facts;
  if (idempotencyHeader === undefined) return [];
  const byKey = new Map<string, JournalEntry[]>();
  for (const create of talk.creates()) {
    const key = create.requestHeaders[idempotencyHeader.name];
    if (typeof key !== "string") continue;
    const place = `${create.account ?? ""} ${create.operation ?? ""} ${key}`;
    byKey.set(place, [...(byKey.get(place) ?? []), create]);
  }
  return [...byKey.values()].flatMap((creates) => {
    const [first] = creates;
    const other = creates.find(
      (each) =>
        first !== undefined &&
        canonicalBody(each) !== undefined &&
        canonicalBody(first) !== undefined &&
        canonicalBody(each) !== canonicalBody(first),
    );
    if (first === undefined || other === undefined) return [];
    return [
      {
        id: "idempotency-key-reused" as const,
        what: `Requests ${first.id} and ${other.id} have one ${idempotencyHeader.name} and different bodies.`,
        source: `${idempotencyHeader.what} [${idempotencyHeader.source}]`,
        requests: [first, other],
      },
    ];
  });
}

function finalErrorsRetried(talk: Conversation): Evidence[] {
  const creates = talk.creates();
  const seen = new Set<string>();
  return talk.requests.flatMap((refused, index) => {
    const body = canonicalBody(refused);
    if (body === undefined || refused.state !== "answered" || !FINAL.has(refused.status ?? 0)) return [];
    const request = [refused.account ?? "", refused.method, refused.url, body].join(" ");
    if (seen.has(request)) return [];
    const isEarly =
      refused.status === 404 &&
      creates.some(({ id, wallAt }) => id < refused.id && refused.wallAt - wallAt < CREATE_DELAY_MS);
    if (isEarly) return [];
    const again = talk.requests
      .slice(index + 1)
      .filter(
        (each) =>
          each.method === refused.method &&
          each.url === refused.url &&
          each.account === refused.account &&
          each.wallAt >= answerOf(refused).wallAt &&
          each.wallAt - answerOf(refused).wallAt <= WINDOW_MS &&
          sameKey(talk, each, refused) &&
          canonicalBody(each) === body,
      );
    if (again.length === 0) return [];
    seen.add(request);
    return [
      {
        id: "retried-final-error" as const,
        what: `${refused.method} ${refused.url} was answered ${refused.status ?? ""} and sent again ${again.length === 1 ? "once" : `${again.length} times`} unchanged.`,
        requests: [refused, ...again],
      },
    ];
  });
}

/** Returns whether both requests carry the same key: another key is another try. */
function sameKey({ vendor }: Conversation, one: JournalEntry, other: JournalEntry): boolean {
  return vendor.keyHeaders.every((name) => String(one.requestHeaders[name]) === String(other.requestHeaders[name]));
}
