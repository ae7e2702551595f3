/** Folds equal polls of a list of requests into one line: `GET … x69, every 21 ms`. */
import type { RequestRow } from "./model.ts";

/** A line of the journal: one request, or several equal ones. */
export interface Fold {
  /** The newest request. */
  readonly last: RequestRow;
  /** The oldest request; the same one if the line has only one. */
  first: RequestRow;
  count: number;
}

/**
 * Returns the lines of requests, newest first. A poll joins the next newer poll of the same URL if both got the same
 * answer; other requests between them stay lines of their own.
 */
export function foldPolls(requests: readonly RequestRow[]): Fold[] {
  const lines: Fold[] = [];
  const open = new Map<string, Fold>();
  for (let index = requests.length - 1; index >= 0; index -= 1) {
    const row = requests[index];
    if (row === undefined) continue;
    const isPoll = (row.method === "GET" || row.method === "HEAD") && row.answeredAt !== null;
    const newer = isPoll ? open.get(row.url) : undefined;
    if (newer !== undefined && isAlike(newer.first, row)) {
      newer.first = row;
      newer.count += 1;
      continue;
    }
    const line: Fold = { last: row, first: row, count: 1 };
    lines.push(line);
    if (isPoll) open.set(row.url, line);
    else open.delete(row.url);
  }
  return lines;
}

/** Returns every request as a line of its own, newest first. */
export function unfolded(requests: readonly RequestRow[]): Fold[] {
  return requests.toReversed().map((row) => ({ last: row, first: row, count: 1 }));
}

/** Returns the mean distance of the arrivals of a line, in milliseconds of real time. */
export function intervalOf({ first, last, count }: Fold): number {
  return count < 2 ? 0 : (last.realAt - first.realAt) / (count - 1);
}

function isAlike(a: RequestRow, b: RequestRow): boolean {
  return (
    a.method === b.method &&
    a.status === b.status &&
    a.state === b.state &&
    a.account === b.account &&
    a.scenario === b.scenario &&
    a.fault === b.fault &&
    isSameList(a.rules, b.rules) &&
    isSameList(a.diagnostics, b.diagnostics)
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
