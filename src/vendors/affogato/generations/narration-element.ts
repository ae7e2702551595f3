/**
 * Plans `narrator` elements: a face speaks a script or a recording. All other fields of the element are ignored [doc].
 */
import type { Failure } from "../../../engine/model/generation.ts";
import type { Asset } from "../assets/store.ts";
import type { Element } from "./element.ts";
import { flawOf, requireAsset, requireText, type ElementContext } from "./element-context.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { priceOf } from "./pricing.ts";

/** Limits of a video asset [doc]; a video over a limit leads to a failed output and not to a refused request [doc]. */
const MAX_FRAMES_PER_SECOND = 30;
const MAX_HEIGHT = 1080;
const MAX_WIDTH = 1920;

/** How fast a script is spoken [inferred]. */
const WORDS_PER_SECOND = 2.5;

export function planNarration(element: Element, context: ElementContext): PlannedOutput {
  const narrator = element.narrator ?? {};
  const video =
    narrator.video_asset_id == null
      ? undefined
      : requireAsset(context, "narrator.video_asset_id", narrator.video_asset_id, "video");
  const face = video ?? requireAsset(context, "narrator.image_asset_id", narrator.image_asset_id, "image");
  const durationSeconds = lengthOfSpeech(narrator, context) ?? video?.durationSeconds ?? 1;
  const flaw = video === undefined ? undefined : flawOfVideo(video, context);
  return {
    medium: "video",
    ...face.size,
    durationSeconds,
    price: priceOf(context.submitter.fixtures, "narrator-second", durationSeconds),
    ...(flaw !== undefined && { flaw }),
  };
}

/** Returns the seconds of speech, from a recording or else from a script that a voice speaks [doc: one of the two]. */
function lengthOfSpeech(narrator: NonNullable<Element["narrator"]>, context: ElementContext): number | undefined {
  if (narrator.audio_asset_id != null)
    return requireAsset(context, "narrator.audio_asset_id", narrator.audio_asset_id, "audio").durationSeconds;
  const script = requireText(context, "narrator.script", narrator.script);
  context.catalogue.checkVoice(requireText(context, "narrator.voice", narrator.voice));
  return Math.max(1, Math.ceil(script.trim().split(/\s+/).length / WORDS_PER_SECOND));
}

function flawOfVideo({ size, frames, durationSeconds }: Asset, context: ElementContext): Failure | undefined {
  const framesPerSecond = (frames ?? 0) / (durationSeconds ?? 1);
  if (framesPerSecond > MAX_FRAMES_PER_SECOND)
    return flawOf(
      context,
      `The video has ${framesPerSecond.toFixed(1)} frames per second; the limit is ${MAX_FRAMES_PER_SECOND}.`,
    );
  if (size.height <= MAX_HEIGHT && size.width <= MAX_WIDTH) return undefined;
  return flawOf(
    context,
    `The video is ${size.height} pixels high and ${size.width} wide; the limits are ${MAX_HEIGHT} and ${MAX_WIDTH}.`,
  );
}
