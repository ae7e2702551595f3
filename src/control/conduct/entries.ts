/** Reads entries of the journal for the rules of conduct: their times, their bodies, and whether they were damaged. */
import type { Instant } from "../../engine/base/clock.ts";
import { hidesAnswer } from "../../engine/rule/faults.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";

/** Returns whether a fault lost or damaged the answer, so that the client could not read it. */
export function isDamaged({ fault, state }: JournalEntry): boolean {
  return state !== "answered" || (fault !== undefined && hidesAnswer(fault));
}

export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : url.slice(start + 1));
}

export function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

/** A moment in a request's life, on both clocks. */
export interface Moment {
  readonly at: Instant;
  readonly wallAt: Instant;
  readonly isFrozen: boolean;
}

/**
 * Returns the milliseconds between two moments on the sandbox's clock. Returns undefined if the clock stood still, even
 * for a part of the time, since the client then lived longer than the clock says.
 */
export function interval(from: Moment, to: Moment, rate: number): number | undefined {
  const elapsed = to.at - from.at;
  const lived = (to.wallAt - from.wallAt) * Math.min(rate, 1);
  return from.isFrozen || to.isFrozen || elapsed < lived * 0.9 - 5 ? undefined : elapsed;
}

/** Returns the moment at which a request was answered. */
export function answerOf({ at, wallAt, isFrozen, answeredAt, wallAnsweredAt }: JournalEntry): Moment {
  return { at: answeredAt ?? at, wallAt: wallAnsweredAt ?? wallAt, isFrozen };
}

/** Returns a text that is equal for equal bodies, whatever the order of their keys; undefined if it was not kept. */
export function canonicalBody({ requestBody, requestBodyKept }: JournalEntry): string | undefined {
  if (requestBodyKept === "no" || requestBodyKept === "unread") return undefined;
  if (requestBody === undefined) return "";
  return JSON.stringify(requestBody, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** Returns how long a client lived between two moments: its test may have advanced the clock meanwhile. */
export function livedMs(from: Moment, to: Moment, rate: number): number {
  return Math.max(to.wallAt - from.wallAt, (to.at - from.at) / Math.max(rate, 1));
}

/** Returns whether two requests ask for the same: their method, URL and body are equal. */
export function isSameRequest(one: JournalEntry, other: JournalEntry): boolean {
  return one.method === other.method && one.url === other.url && canonicalBody(one) === canonicalBody(other);
}
