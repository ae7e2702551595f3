/** Applies edits to a transcript: checks that they fit, and moves the words to their places in the preview. */
import { badRequest } from "../errors.ts";
import type { Transcript } from "../transcriptions/schemas.ts";
import type { Edit, Slot } from "./schemas.ts";

type Word = Transcript["segments"][number]["words"][number];

/** The assumed milliseconds of speech per character of a replacement [inferred]. */
const MS_PER_CHARACTER = 65;

export interface Retimed {
  readonly transcript: Transcript;
  readonly slots: readonly Slot[];
  /** How much later the source ends in the preview; negative if it ends earlier. */
  readonly shiftMs: number;
}

/** Throws 400 [doc: edits that cannot be applied are refused before a job exists] for edits that do not fit. */
export function checkEdits({ segments }: Transcript, edits: readonly Edit[]): void {
  const words = segments.flatMap((segment) => segment.words);
  const places = new Map(words.map(({ id }, index) => [id, index]));
  if (places.size < words.length) throw badRequest("transcript: each word needs an id of its own");
  if (words.some(({ startMs, endMs }) => startMs > endMs)) throw badRequest("transcript: a word ends before it starts");
  const used = new Set<string>();
  for (const [index, edit] of edits.entries()) {
    const ids = edit.kind === "change" ? [edit.wordId] : edit.wordIds;
    for (const id of ids) {
      if (!places.has(id)) throw badRequest(`edits.${index}: the transcript has no word "${id}"`);
      if (used.has(id)) throw badRequest(`edits.${index}: the word "${id}" is edited twice`);
      used.add(id);
    }
    if (edit.kind === "change" && edit.replacement.trim() === "")
      throw badRequest(`edits.${index}.replacement should not be empty`);
    const indexes = ids.map((id) => places.get(id) ?? 0);
    if (indexes.some((place, at) => at > 0 && place !== (indexes[at - 1] ?? 0) + 1))
      throw badRequest(`edits.${index}.wordIds must be words that follow each other`);
  }
}

/** Returns the transcript and the edited regions of the preview. Call it with edits that fit. */
export function retime({ segments, ...rest }: Transcript, edits: readonly Edit[]): Retimed {
  const changes = new Map(edits.flatMap((edit) => (edit.kind === "change" ? [[edit.wordId, edit] as const] : [])));
  const removals = new Map(
    edits.flatMap((edit) => (edit.kind === "remove" ? edit.wordIds.map((id) => [id, edit] as const) : [])),
  );
  const slots = new Map<Edit, Slot>();
  let shiftMs = 0;
  const place = (word: Word): Word[] => {
    const { startMs, endMs } = word;
    const outputStartMs = startMs + shiftMs;
    const removal = removals.get(word.id);
    if (removal !== undefined) {
      const known = slots.get(removal);
      const sourceStartMs = known?.sourceStartMs ?? startMs;
      const slot = {
        kind: "remove" as const,
        outputStartMs: known?.outputStartMs ?? outputStartMs,
        outputDurationMs: 0,
      };
      slots.set(removal, { ...slot, sourceStartMs, sourceDurationMs: endMs - sourceStartMs });
      shiftMs -= endMs - startMs;
      return [];
    }
    const change = changes.get(word.id);
    if (change === undefined) return [{ ...word, startMs: outputStartMs, endMs: endMs + shiftMs }];
    const outputDurationMs = Math.max(1, change.replacement.length) * MS_PER_CHARACTER;
    const sourceDurationMs = endMs - startMs;
    slots.set(change, { kind: "change", outputStartMs, outputDurationMs, sourceStartMs: startMs, sourceDurationMs });
    shiftMs += outputDurationMs - sourceDurationMs;
    return [{ ...word, text: change.replacement, startMs: outputStartMs, endMs: outputStartMs + outputDurationMs }];
  };
  const retimed = segments.map((segment) => ({ ...segment, words: segment.words.flatMap(place) }));
  return {
    transcript: { ...rest, segments: retimed },
    slots: edits.flatMap((edit) => slots.get(edit) ?? []),
    shiftMs,
  };
}
