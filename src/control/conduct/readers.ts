/** Tells the readers of one generation apart: processes that follow it side by side, and clients that start again. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { Conversation } from "./conversation.ts";
import { answerOf, median } from "./entries.ts";
import { follows } from "./following.ts";

/** The fewest reads over one connection that show a reader of its own. */
const FEWEST_OF_READER = 2;
/** The fewest reads whose evenness says something, and the share of a connection's unevenness that a pool's is below. */
const FEWEST_OF_POOL = 10;
const EVENNESS_OF_POOL = 0.5;
/** A read that comes much later than the client's rhythm is not a part of it: a person looks at the job again. */
const RHYTHMS = 5;
const PAUSE_MS = 30_000;

/**
 * Returns the reads of each reader, told apart by their connections; all reads in one list if connections tell nothing
 * because a client opens a new one for most of its requests.
 */
export function rhythmsOf(reads: readonly JournalEntry[]): readonly (readonly JournalEntry[])[] {
  const byPort = [...Map.groupBy(reads, ({ clientPort }) => clientPort).values()];
  const isTold = byPort.length > 1 && byPort.every((own) => own.length >= FEWEST_OF_READER);
  // Readers one after the other are a client that connects again.
  const isSideBySide = byPort.some((own) => byPort.some((other) => isBetween(other[0], own[0], own.at(-1))));
  return isTold && isSideBySide && !isPool(reads, byPort) ? byPort : [reads];
}

/**
 * Returns whether one client sends its reads over the connections of a pool, whichever is free: its reads are then even
 * as a whole, and uneven over each connection. Those of processes side by side are even over each connection.
 */
function isPool(reads: readonly JournalEntry[], byPort: readonly (readonly JournalEntry[])[]): boolean {
  if (reads.length < FEWEST_OF_POOL) return false;
  return unevenness([reads]) < EVENNESS_OF_POOL * unevenness(byPort);
}

/** Returns by how much the gaps of rows of reads differ from their median, as a part of it: the mean over the gaps. */
function unevenness(rows: readonly (readonly JournalEntry[])[]): number {
  const deviations = rows.flatMap((row) => {
    const gaps = row.slice(1).map((read, index) => read.at - (row[index]?.at ?? read.at));
    const middle = Math.max(1, median(gaps));
    return gaps.map((gap) => Math.abs(gap - middle) / middle);
  });
  return deviations.length === 0 ? 0 : deviations.reduce((sum, each) => sum + each, 0) / deviations.length;
}

function isBetween(
  entry: JournalEntry | undefined,
  from: JournalEntry | undefined,
  to: JournalEntry | undefined,
): boolean {
  if (entry === undefined || from === undefined || to === undefined) return false;
  return entry.id > from.id && entry.id < to.id;
}

/**
 * Returns the reads after the end by readers that knew of it and go on in their rhythm. Left out are the first such read
 * of another connection that had followed the generation too, a read for a fresh link after a download that failed, and
 * reads after a long pause.
 */
export function withoutSecondReaders(
  talk: Conversation,
  { id, reads, told }: { readonly id: string; readonly reads: readonly JournalEntry[]; readonly told: JournalEntry },
): readonly JournalEntry[] {
  const before = reads.filter((read) => read.id < told.id);
  const byPort = Map.groupBy(before, ({ clientPort }) => clientPort);
  // The connections of a pool are one reader, which knows of the end.
  const followers = new Set(isPool(before, [...byPort.values()]) ? [] : byPort.keys());
  followers.delete(told.clientPort);
  const pauseMs = Math.max(PAUSE_MS, RHYTHMS * rhythmMsOf(reads, told));
  const late: JournalEntry[] = [];
  let last = told;
  for (const read of reads.filter((each) => follows(talk, each, told) && each.at >= answerOf(told).at)) {
    const isPaused = read.at - answerOf(last).at > pauseMs;
    const isFirstOfFollower = followers.delete(read.clientPort);
    if (!isPaused && !isFirstOfFollower && !seeksLink(talk, id, last, read)) late.push(read);
    last = read;
  }
  return late;
}

function rhythmMsOf(reads: readonly JournalEntry[], told: JournalEntry): number {
  const gaps = reads.flatMap((read, index) => {
    const before = reads[index - 1];
    return before === undefined || read.id > told.id ? [] : [read.at - before.at];
  });
  return gaps.length === 0 ? 0 : median(gaps);
}

/** Returns whether a download of the generation failed between two reads, so that the client needs another link. */
function seeksLink({ requests }: Conversation, id: string, before: JournalEntry, read: JournalEntry): boolean {
  return requests.some(
    (entry) =>
      entry.id > before.id &&
      entry.id < read.id &&
      entry.operation === "downloadOutput" &&
      (entry.status ?? 0) >= 400 &&
      (entry.generations?.includes(id) ?? false),
  );
}
