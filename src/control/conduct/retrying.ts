/** Finds requests that came before the time was over for which an answer asked to wait. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { Conversation, Evidence } from "./conversation.ts";
import { answerOf, interval, isAfter, isSameRequest, pathOf } from "./entries.ts";

const SLACK_MS = 50;

export function retryAfterIgnored(talk: Conversation): readonly Evidence[] {
  const { rate } = talk.sandbox.clock.state;
  return talk.requests.flatMap((asking, index) => {
    const waitMs = retryAfterMs(asking);
    if (waitMs === undefined) return [];
    // A request that was on its way before the answer came did not ignore it.
    const early = talk.requests.slice(index + 1).flatMap((next) => {
      const isConcerned = next.operation === asking.operation && next.account === asking.account;
      if (!isConcerned || !isAfter(next, asking)) return [];
      const waited = interval(answerOf(asking), next, rate);
      return waited === undefined || waited >= waitMs - SLACK_MS ? [] : [{ next, waited }];
    });
    const again = early.find(({ next }) => isAgain(next, asking));
    const isProgress = (asking.status ?? 0) < 400;
    // An answer in progress speaks of its own generation only.
    const found = again ?? (isProgress ? undefined : early[0]);
    if (found === undefined) return [];
    const isOther = again === undefined && !isSeries(early, asking);
    return [
      {
        id: "retry-after-ignored" as const,
        what: `Request ${found.next.id} came ${found.waited} ms after request ${asking.id} was answered ${asking.status ?? ""} with "Retry-After: ${asking.retryAfter ?? ""}"${again === undefined ? ", which concerns all requests of the account" : ""}.`,
        source: "RFC 9110, section 10.2.3",
        requests: [asking, found.next],
        ...(isProgress && { severity: "warning" as const }),
        ...(isOther && { severity: "note" as const }),
      },
    ];
  });
}

/** Returns whether a request is a repetition: of the same create, or of a read of the same generation. */
function isAgain(next: JournalEntry, asking: JournalEntry): boolean {
  if (next.method !== asking.method) return false;
  return next.method === "GET" ? pathOf(next.url) === pathOf(asking.url) : isSameRequest(next, asking);
}

/**
 * Returns whether a client goes on with one job after the other although it was told to wait. Workers that poll side by
 * side do not know of each other's answers, so their reads are no series.
 */
function isSeries(early: readonly { readonly next: JournalEntry }[], asking: JournalEntry): boolean {
  return asking.method !== "GET" && early.length >= 2;
}

/** Returns for how long an answer asked the client to wait; a date counts from the answer's own Date. */
function retryAfterMs({ retryAfter, at, answeredAt }: JournalEntry): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : date - (answeredAt ?? at);
}
