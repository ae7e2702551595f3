/** Tells the readers of one generation apart: processes that follow it side by side, and clients that start again. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { Conversation } from "./conversation.ts";
import { answerOf, median } from "./entries.ts";
import { follows } from "./following.ts";

/** The fewest reads over one connection that show a reader of its own. */
const FEWEST_OF_READER = 2;
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
  return isTold && isSideBySide ? byPort : [reads];
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
  const followers = new Set(reads.filter((read) => read.id < told.id).map(({ clientPort }) => clientPort));
  followers.delete(told.clientPort);
  const pauseMs = Math.max(PAUSE_MS, RHYTHMS * rhythmMsOf(reads, told));
  const late: JournalEntry[] = [];
  let before = told;
  for (const read of reads.filter((each) => follows(talk, each, told) && each.at >= answerOf(told).at)) {
    const isPaused = read.at - answerOf(before).at > pauseMs;
    const isFirstOfFollower = followers.delete(read.clientPort);
    if (!isPaused && !isFirstOfFollower && !seeksLink(talk, id, before, read)) late.push(read);
    before = read;
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
