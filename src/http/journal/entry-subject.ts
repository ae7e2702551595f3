/** Presents a request of the journal, kept or dropped, to the same matcher that rules use. */
import { notKept } from "../../engine/rule/elided.ts";
import { MatchingWork } from "../../engine/rule/linear-pattern.ts";
import type { MatchSubject } from "../../engine/rule/request-match.ts";
import type { DroppedFacts } from "./dropped-entries.ts";
import type { JournalEntry } from "./journal.ts";

/** Returns the subject of a kept request; a body that was not kept or not read leaves its comparison undecided. */
export function subjectOf(entry: JournalEntry): MatchSubject {
  const { vendor, operation, method, path, query, account, label, generations = [] } = entry;
  return {
    vendor,
    operation,
    method,
    path,
    query,
    headers: entry.requestHeaders,
    account,
    body: entry.requestBodyKept === "no" || entry.requestBodyKept === "unread" ? notKept : entry.requestBody,
    label: () => label,
    generations: () => generations,
    work: new MatchingWork(),
  };
}

/** Returns the subjects of a batch's rows, which rules compare one by one; none for a request that is not a batch. */
export function rowSubjectsOf(entry: JournalEntry): MatchSubject[] {
  const { requestRows = [] } = entry;
  const rows = requestRows === "not-kept" ? [notKept] : requestRows;
  const whole = subjectOf(entry);
  return rows.map((body) => ({ ...whole, body }));
}

/** Returns the subject of a dropped request; everything but its few remembered facts is undecided. */
export function subjectOfDropped({ vendor, operation, method, account, path }: DroppedFacts): MatchSubject {
  return {
    vendor,
    operation,
    method,
    path: path ?? notKept,
    query: notKept,
    headers: notKept,
    account,
    body: notKept,
    label: () => notKept,
    generations: () => notKept,
    work: new MatchingWork(),
  };
}
