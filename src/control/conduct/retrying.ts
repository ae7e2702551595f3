/** Finds requests that came before the time was over for which an answer asked to wait. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { Conversation, Evidence } from "./conversation.ts";
import { answerOf, interval, isSameRequest, pathOf } from "./entries.ts";
import { follows, isLater } from "./following.ts";
import type { Severity } from "./finding-kinds.ts";

const SLACK_MS = 50;

/** A request that came too early after an answer that asked to wait. */
interface Early {
  readonly asking: JournalEntry;
  readonly next: JournalEntry;
  readonly waited: number;
  /** Whether it repeats what was refused; else it is about something else, which the limit concerns too. */
  readonly isAgain: boolean;
  /** Undefined for the usual severity. */
  readonly severity: Severity | undefined;
}

/** Tells the requests of one operation and account once, with the first of them. */
export function retryAfterIgnored(talk: Conversation): readonly Evidence[] {
  const found = talk.requests.flatMap((asking, index) => earlyAfter(talk, asking, index) ?? []);
  const alike = Map.groupBy(found, ({ asking, severity = "" }) =>
    [severity, asking.operation ?? "", asking.account ?? ""].join(" "),
  );
  return [...alike.values()].flatMap((early) => {
    const [first] = early;
    if (first === undefined) return [];
    const { asking, next, waited, isAgain, severity } = first;
    const others = early.length === 1 ? "" : ` So did ${early.length - 1} more.`;
    return [
      {
        id: "retry-after-ignored" as const,
        what: `Request ${next.id} came ${waited} ms after request ${asking.id} was answered ${asking.status ?? ""} with "Retry-After: ${asking.retryAfter ?? ""}"${isAgain ? "" : ", which concerns all requests of the account"}.${others}`,
        source: "RFC 9110, section 10.2.3",
        requests: [...new Set(early.flatMap((each) => [each.asking, each.next]))],
        ...(severity !== undefined && { severity }),
      },
    ];
  });
}

function earlyAfter(talk: Conversation, asking: JournalEntry, index: number): Early | undefined {
  const { rate } = talk.sandbox.clock.state;
  const waitMs = retryAfterMs(asking);
  if (waitMs === undefined) return undefined;
  const early = talk.requests.slice(index + 1).flatMap((next) => {
    const isConcerned = next.operation === asking.operation && next.account === asking.account;
    if (!isConcerned || !follows(talk, next, asking)) return [];
    const waited = interval(answerOf(asking), next, rate);
    return waited === undefined || waited >= waitMs - SLACK_MS ? [] : [{ next, waited }];
  });
  const again = early.find(({ next }) => isAgain(next, asking) && !isOtherWorkers(talk, next, asking));
  // An answer in progress speaks of its own generation only.
  const isProgress = (asking.status ?? 0) < 400;
  const found = again ?? (isProgress ? undefined : early[0]);
  if (found === undefined) return undefined;
  // Workers side by side do not know of each other's answers; one client that goes on with its next jobs does.
  const isSeries = asking.method !== "GET" && early.length >= 2;
  const mild = again === undefined && !isSeries ? ("note" as const) : undefined;
  return { ...found, asking, isAgain: again !== undefined, severity: isProgress ? "warning" : mild };
}

/** Returns whether a request is a repetition: of the same create, or of a read of the same generation. */
function isAgain(next: JournalEntry, asking: JournalEntry): boolean {
  if (next.method !== asking.method) return false;
  return next.method === "GET" ? pathOf(next.url) === pathOf(asking.url) : isSameRequest(next, asking);
}

/** Returns whether a request came over a connection that had asked for the same before the refusal, in its own rhythm. */
function isOtherWorkers(talk: Conversation, next: JournalEntry, asking: JournalEntry): boolean {
  if (next.clientPort === asking.clientPort || !isLater(talk, next, asking)) return false;
  return talk.requests.some(
    (each) => each.id < asking.id && each.clientPort === next.clientPort && isAgain(each, asking),
  );
}

/** Returns for how long an answer asked the client to wait; a date counts from the answer's own Date. */
function retryAfterMs({ retryAfter, at, answeredAt }: JournalEntry): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : date - (answeredAt ?? at);
}
