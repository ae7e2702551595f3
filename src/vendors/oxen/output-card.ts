/** Says what the files of oxen's outputs show and let hear. */
import type { Generation } from "../../engine/model/generation.ts";
import type { OutputCard } from "../../media/serve/file-host.ts";
import { valueAt } from "../../wording/value-at.ts";

/** Parameters with words, the most telling first [doc: the pages of the models]. */
const WORDS: readonly (readonly PropertyKey[])[] = [
  ["prompt"],
  ["text"],
  ["script"],
  ["input"],
  ["multi_prompt", 0, "prompt"],
  ["multi_prompt", 0],
];
/** Parameters that make a model speak [doc: the pages of the models]; a list of shots or a flag counts if it is set. */
const SPEAKING: readonly string[] = [
  "audio_url",
  "audio",
  "input_audio",
  "audio_urls",
  "voice",
  "voice_id",
  "generate_audio",
];

export function outputCard({ request, medium }: Generation): OutputCard {
  const words = WORDS.map((path) => valueAt(request, path)).find((each) => isText(each));
  const speaks = SPEAKING.some((name) => isSet(valueAt(request, [name])));
  const reads = medium === "audio" && ["text", "script"].some((name) => isSet(valueAt(request, [name])));
  return { words: words ?? "", hasSpeech: speaks || reads };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== "";
}
