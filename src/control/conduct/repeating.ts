/** Finds requests that a client should not have sent again. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import { endOf, type Conversation, type Evidence } from "./conversation.ts";
import { answerOf, canonicalBody, isDamaged, livedMs } from "./entries.ts";
import { follows } from "./following.ts";

const WINDOW_MS = 60_000;
const CREATE_DELAY_MS = 5000;

const FINAL: ReadonlySet<number> = new Set([400, 401, 402, 403, 404, 409, 422]);

export function repeatingOf(talk: Conversation): readonly Evidence[] {
  return [...createsRepeated(talk), ...keysReused(talk), ...finalErrorsRetried(talk)];
}

function createsRepeated(talk: Conversation): Evidence[] {
  const { idempotencyHeader, safeRepeat } = talk.facts;
  const { rate } = talk.sandbox.clock.state;
  const creates = talk.creates();
  return creates.flatMap((first, index) => {
    const body = canonicalBody(first);
    if (body === undefined || !isUncertain(first) || isInvited(talk, first)) return [];
    const again = creates
      .slice(index + 1)
      .find(
        (each) =>
          each.account === first.account &&
          each.operation === first.operation &&
          follows(talk, each, first) &&
          livedMs(answerOf(first), each, rate) <= WINDOW_MS &&
          canonicalBody(each) === body,
      );
    if (again === undefined || hasSameKey(talk, first, again) || hasLooked(talk, first, again)) return [];
    const source = safeRepeat ?? idempotencyHeader;
    return [
      {
        id: "create-repeated" as const,
        what: `Request ${again.id} repeats the create of request ${first.id}, which ${howItEnded(first)}.${idempotencyHeader === undefined ? "" : ` Neither has the header ${idempotencyHeader.name} with the same value.`}`,
        ...(source !== undefined && { source: `${source.what} [${source.source}]` }),
        requests: [first, again],
        ...(safeRepeat !== undefined && { severity: "note" as const }),
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

/** Returns whether the answer itself, or the vendor's pages, tell the client to send the same create again. */
function isInvited({ facts }: Conversation, { state, status = 0, retryAfter }: JournalEntry): boolean {
  if (state !== "answered") return false;
  return (status === 503 && retryAfter !== undefined) || facts.safeRepeat?.after.includes(status) === true;
}

function hasSameKey({ facts }: Conversation, first: JournalEntry, again: JournalEntry): boolean {
  const name = facts.idempotencyHeader?.name;
  return (
    name !== undefined &&
    first.requestHeaders[name] !== undefined &&
    first.requestHeaders[name] === again.requestHeaders[name]
  );
}

/** Returns whether the client looked between two creates for what the first one made. */
function hasLooked({ facts, requests }: Conversation, first: JournalEntry, again: JournalEntry): boolean {
  const lists = new Set<string | undefined>(facts.lists);
  const reads = new Set<string | undefined>(facts.statusReads);
  const [made] = first.generations ?? [];
  return requests.some(
    ({ id, account, operation, method, generations = [] }) =>
      id > first.id &&
      id < again.id &&
      account === first.account &&
      method === "GET" &&
      (lists.has(operation) || (reads.has(operation) && made !== undefined && generations.includes(made))),
  );
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
  const { rate } = talk.sandbox.clock.state;
  const creates = talk.creates();
  const seen = new Set<string>();
  return talk.requests.flatMap((refused, index) => {
    const body = canonicalBody(refused);
    if (body === undefined || refused.state !== "answered" || !FINAL.has(refused.status ?? 0)) return [];
    // A file may appear a little later at its host, and a link that stays dead is a finding of its own.
    if (refused.operation === "downloadOutput") return [];
    const request = [refused.account ?? "", refused.method, refused.url, body].join(" ");
    if (seen.has(request)) return [];
    const isEarly =
      refused.status === 404 &&
      creates.some((create) => create.id < refused.id && livedMs(create, refused, rate) < CREATE_DELAY_MS);
    if (isEarly) return [];
    const again = talk.requests
      .slice(index + 1)
      .filter(
        (each) =>
          each.method === refused.method &&
          each.url === refused.url &&
          each.account === refused.account &&
          follows(talk, each, refused) &&
          livedMs(answerOf(refused), each, rate) <= WINDOW_MS &&
          sameCredentials(talk, each, refused) &&
          canonicalBody(each) === body,
      );
    if (again.length === 0 || isOfUnfinished(talk, refused)) return [];
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

/** Returns whether a request conflicted with a generation that was not over, so that a repetition can succeed. */
function isOfUnfinished(talk: Conversation, { method, status, generations = [], at }: JournalEntry): boolean {
  if (status !== 409 || method === "POST") return false;
  const [id = ""] = generations;
  const generation = talk.generation(id);
  return generation === undefined || (endOf(generation) ?? Infinity) > at;
}

/** Returns whether both requests carry the same key: another key is another try. */
function sameCredentials({ vendor }: Conversation, one: JournalEntry, other: JournalEntry): boolean {
  return vendor.keyHeaders.every((name) => String(one.requestHeaders[name]) === String(other.requestHeaders[name]));
}
