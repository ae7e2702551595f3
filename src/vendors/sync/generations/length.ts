/** How long an output becomes. Inputs are never fetched, so only assets tell; the rest is taken to be usual. */
import type { GenerateBody, InputItem } from "./schemas.ts";
import { isSound, isVisual } from "./input-rules.ts";
import type { AssetFacts } from "../references.ts";
import { speechSeconds, toHundredths } from "../seconds.ts";

const USUAL_SECONDS = 10;

export interface Length {
  /** Of the output, in seconds, a whole number of hundredths. */
  readonly seconds: number;
  /** Of the audio that drives it. */
  readonly soundSeconds: number;
  /** The longest input whose length is known; undefined where none is. */
  readonly known: number | undefined;
}

/** What sync_mode says of sound and video that are not equally long [doc: sync_mode], the default being bounce. */
export function lengthOf(body: GenerateBody, assets: ReadonlyMap<string, AssetFacts>): Length {
  const visual = body.input.find(isVisual);
  const sounds = body.input.filter(isSound);
  const visualSeconds = visual === undefined ? undefined : secondsOf(visual, assets);
  const known = [visualSeconds, ...sounds.map((item) => secondsOf(item, assets))].filter((each) => each !== undefined);
  const sound = sounds.reduce((total, item) => total + (secondsOf(item, assets) ?? visualSeconds ?? USUAL_SECONDS), 0);
  return {
    seconds: toHundredths(outputSeconds(body, visualSeconds, sound)),
    soundSeconds: toHundredths(sound),
    known: known.length === 0 ? undefined : Math.max(...known),
  };
}

function outputSeconds(
  { dubParams, segments, options }: GenerateBody,
  visual: number | undefined,
  sound: number,
): number {
  if (dubParams != null) return visual ?? USUAL_SECONDS;
  const segmentEnd = Math.max(0, ...(segments ?? []).map(({ endTime }) => endTime));
  if (segmentEnd > 0) return visual ?? Math.max(segmentEnd, USUAL_SECONDS);
  switch (options?.sync_mode) {
    case "silence":
      return Math.max(visual ?? sound, sound);
    case "cut_off":
      return Math.min(visual ?? sound, sound);
    default:
      return sound;
  }
}

function secondsOf(item: InputItem, assets: ReadonlyMap<string, AssetFacts>): number | undefined {
  if (item.type === "text") return speechSeconds(item.provider.script);
  return assets.get(item.assetId ?? "")?.durationSeconds ?? undefined;
}
