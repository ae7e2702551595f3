/** Says what the files of vivix's outputs show and let hear. */
import type { Generation } from "../../engine/model/generation.ts";
import type { OutputCard } from "../../media/serve/file-host.ts";
import { valueAt } from "../../wording/value-at.ts";

/** A video with `audio: true` has sound [doc: create-generation]; the emulator lets a voice speak. */
export function outputCard({ request }: Generation): OutputCard {
  const prompt = valueAt(request, ["prompt"]);
  return { words: typeof prompt === "string" ? prompt : "", hasSpeech: valueAt(request, ["audio"]) === true };
}
