/** Says what the files of affogato's outputs show and let hear. Only narrators speak. */
import type { Generation, Output } from "../../engine/model/generation.ts";
import type { OutputCard } from "../../media/serve/file-host.ts";
import { valueAt } from "../../wording/value-at.ts";

export function outputCard({ request }: Generation, { medium }: Output): OutputCard {
  const elements: readonly unknown[] = Array.isArray(request) ? request : [request];
  const narrator = medium === "video" ? elements.map((each) => valueAt(each, ["narrator"])).find(Boolean) : undefined;
  const words = elements.flatMap((each) => [
    valueAt(narrator, ["script"]),
    valueAt(each, ["video_anyone", "prompt"]),
    valueAt(each, ["prompt", "positive"]),
  ]);
  return { words: words.find((each) => typeof each === "string") ?? "", hasSpeech: narrator !== undefined };
}
