/** Finds what a client does wrong while it waits for the end of a generation. */
import type { JournalEntry } from "../../http/journal/journal.ts";
import { endOf, type Conversation, type Evidence } from "./conversation.ts";
import { answerOf, interval, median } from "./entries.ts";
import { rhythmsOf, withoutSecondReaders } from "./readers.ts";

const FEWEST_READS = 5;
const MANY_READS = 30;
const LONG_MS = 60_000;
/** A constant gap of this length is patient enough: a long job then costs some ten requests a minute. */
const PATIENT_MS = 5000;
const NEVER_MS = 15 * 60_000;
const FEWEST_NEVER = 10;
/** Shells and time-outs report commands that they ended by codes from here on. */
const LEAST_OF_KILLED = 124;

export function pollingOf(talk: Conversation): readonly Evidence[] {
  return talk
    .statusReads()
    .flatMap(({ id, reads }) => [
      ...tooOften(talk, id, reads),
      ...withoutBackoff(talk, id, reads),
      ...afterEnd(talk, id, reads),
      ...cutShort(talk, id, reads),
      ...withoutDeadline(talk, id, reads),
    ]);
}

/** Returns the gaps between reads that were not held, as far as they are known. */
function gapsOf({ sandbox }: Conversation, reads: readonly JournalEntry[]): readonly number[] {
  const { rate } = sandbox.clock.state;
  return reads.slice(1).flatMap((read, index) => {
    const before = reads[index];
    return before === undefined ? [] : (interval(before, read, rate) ?? []);
  });
}

function tooOften(talk: Conversation, id: string, reads: readonly JournalEntry[]): Evidence[] {
  const { pollGap } = talk.facts;
  const polls = reads.filter((read) => talk.heldMs(read) === undefined);
  // Processes that each keep the interval may follow one generation side by side.
  return rhythmsOf(polls)
    .flatMap((rhythm) => {
      const gaps = gapsOf(talk, rhythm);
      if (rhythm.length < FEWEST_READS || gaps.length < FEWEST_READS - 1 || median(gaps) >= pollGap.ms) return [];
      return [
        {
          id: "polls-too-often" as const,
          what: `${rhythm.length} reads of ${id}, with a median gap of ${Math.round(median(gaps))} ms instead of ${pollGap.ms} ms.`,
          source: `${pollGap.what} [${pollGap.source}]`,
          requests: rhythm,
          generation: id,
        },
      ];
    })
    .slice(0, 1);
}

function withoutBackoff(talk: Conversation, id: string, reads: readonly JournalEntry[]): Evidence[] {
  const { insteadOfPolls, pollGap } = talk.facts;
  const polls = reads.filter((read) => talk.heldMs(read) === undefined);
  return rhythmsOf(polls)
    .flatMap((rhythm) => {
      const gaps = gapsOf(talk, rhythm);
      const third = Math.floor(gaps.length / 3);
      const total = gaps.reduce((sum, gap) => sum + gap, 0);
      if (rhythm.length <= MANY_READS || total <= LONG_MS || third === 0) return [];
      const [first, last] = [median(gaps.slice(0, third)), median(gaps.slice(-third))];
      if (last > first * 1.2 || last >= PATIENT_MS) return [];
      const isAsSampled = pollGap.isSampled === true && last >= pollGap.ms;
      return [
        {
          id: "polls-without-backoff" as const,
          what: `${rhythm.length} reads of ${id} over ${Math.round(total / 1000)} s, ${Math.round(first)} ms apart from first to last.${insteadOfPolls === undefined ? "" : ` ${insteadOfPolls.what}`}`,
          ...(insteadOfPolls !== undefined && { source: `${insteadOfPolls.what} [${insteadOfPolls.source}]` }),
          requests: rhythm,
          generation: id,
          ...(isAsSampled && { severity: "note" as const }),
        },
      ];
    })
    .slice(0, 1);
}

function afterEnd(talk: Conversation, id: string, reads: readonly JournalEntry[]): Evidence[] {
  const told = reads.find((read) => talk.toldEnd(read));
  if (told === undefined) return [];
  const late = withoutSecondReaders(talk, { id, reads, told });
  if (late.length < 2) return [];
  return [
    {
      id: "polls-after-end",
      what: `${late.length} reads of ${id} after request ${told.id} had shown its end.`,
      requests: [told, ...late],
      generation: id,
    },
  ];
}

function cutShort(talk: Conversation, id: string, reads: readonly JournalEntry[]): Evidence[] {
  const { rate } = talk.sandbox.clock.state;
  const left = reads.filter((read, index) => {
    const heldMs = talk.heldMs(read);
    if (heldMs === undefined || read.state !== "gone" || read.fault !== undefined) return false;
    const waited = interval(read, answerOf(read), rate);
    return waited !== undefined && waited < heldMs - 1000 && reads.length > index + 1;
  });
  if (left.length < 2) return [];
  const [first] = left;
  const waited = first === undefined ? 0 : answerOf(first).at - first.at;
  const heldMs = first === undefined ? 0 : (talk.heldMs(first) ?? 0);
  return [
    {
      id: "wait-cut-short",
      what: `${left.length} held reads of ${id} were left, the first after ${waited} of ${heldMs} ms, and asked again.`,
      requests: left,
      generation: id,
    },
  ];
}

function withoutDeadline(talk: Conversation, id: string, reads: readonly JournalEntry[]): Evidence[] {
  const generation = talk.generation(id);
  const [first] = reads;
  const last = reads.at(-1);
  if (generation === undefined || first === undefined || last === undefined) return [];
  const hasNoEnd =
    endOf(generation) === undefined && generation.nextAt === null && generation.timeline.polls === undefined;
  if (!hasNoEnd || reads.length < FEWEST_NEVER || last.at - first.at < NEVER_MS) return [];
  if (hasGivenUp(talk, reads, last)) return [];
  return [
    {
      id: "wait-without-deadline",
      what: `${reads.length} reads of ${id} over ${Math.round((last.at - first.at) / 60_000)} minutes; it has no planned end.`,
      requests: reads,
      generation: id,
    },
  ];
}

/** Returns whether the client has ended, or stopped asking: it would have asked twice more by now. */
function hasGivenUp(talk: Conversation, reads: readonly JournalEntry[], last: JournalEntry): boolean {
  if (talk.exitCode !== undefined && talk.exitCode < LEAST_OF_KILLED) return true;
  const gaps = reads.slice(1).map((read, index) => read.at - (reads[index]?.at ?? read.at));
  return talk.now - answerOf(last).at > 2 * Math.max(...gaps.slice(-FEWEST_NEVER));
}
