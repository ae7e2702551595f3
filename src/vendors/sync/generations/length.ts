/**
 * Computes the length of an output. Inputs are never fetched, so only assets and the vendor's own files have a known
 * length; other inputs have a usual length.
 */
import type { GenerateBody, InputItem } from "./schemas.ts";
import { isSound, isVisual } from "./input-rules.ts";
import type { AssetFacts } from "../references.ts";
import { speechSeconds, toHundredths } from "../speech/seconds.ts";

const USUAL_SECONDS = 10;

export interface Length {
  /** Length of the output in seconds, rounded to hundredths. */
  readonly seconds: number;
  /** Length of the audio that drives the output, in seconds. */
  readonly soundSeconds: number;
  /** Length of the longest input of known length, in seconds; undefined if no length is known. */
  readonly known: number | undefined;
}

/**
 * Returns the length of an output. sync_mode decides if sound and video differ in length [doc: sync_mode]; its default
 * is bounce.
 */
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
  return assets.get(referenceOf(item))?.durationSeconds ?? undefined;
}

/** Returns the key of an input among the known files: its asset's id, or else its URL. */
export function referenceOf({ assetId, url }: Exclude<InputItem, { type: "text" }>): string {
  return assetId ?? url ?? "";
}
