/** Makes the transcripts of the emulator, which hears nothing: the same sentences for every source, to its length. */
import type { Transcript } from "./schemas.ts";

const WORDS: readonly string[] =
  "Hello and welcome to this short film. Today we show how a single take becomes many versions. Please watch closely, because every word has its own place in time.".split(
    " ",
  );
const STEP_MS = 400;
const WORD_MS = 320;
const WORDS_PER_SEGMENT = 8;

/** Returns the transcript of a window, in milliseconds from the start of the source. Its speakers take turns. */
export function transcribe(startMs: number, endMs: number, speakers: number): Transcript {
  const count = Math.max(1, Math.floor((endMs - startMs) / STEP_MS));
  const words = Array.from({ length: count }, (_, index) => {
    const start = startMs + index * STEP_MS;
    const turn = Math.floor(index / WORDS_PER_SEGMENT) % speakers;
    return {
      id: `w${index + 1}`,
      text: WORDS[index % WORDS.length] ?? "",
      startMs: start,
      endMs: Math.min(start + WORD_MS, endMs),
      speakerId: speakerName(turn),
    };
  });
  const segments = Array.from({ length: Math.ceil(count / WORDS_PER_SEGMENT) }, (_, index) => ({
    id: `s${index + 1}`,
    words: words.slice(index * WORDS_PER_SEGMENT, (index + 1) * WORDS_PER_SEGMENT),
  }));
  return { segments };
}

export function speakerName(index: number): string {
  return `speaker_${index + 1}`;
}
