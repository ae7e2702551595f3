/**
 * Checks the rules between the parts of a generation's body [client: the text of the curated specification]. An error
 * with a code of the catalogue is 422, an unsupported model 400 [inferred]. sync fetches inputs only when the job runs,
 * and this emulator never fetches them.
 */
import { unusableInput, unsupportedModel } from "../errors.ts";
import type { GenerateBody, InputItem, Segment } from "./schemas.ts";

export const isVisual = ({ type }: InputItem): boolean => type === "video" || type === "image";
export const isSound = ({ type }: InputItem): boolean => type === "audio" || type === "text";

/** Returns whether the job also makes a file of its segments alone. */
export function hasSegments({ input, segments }: GenerateBody): boolean {
  return (
    (segments ?? []).length > 0 ||
    input.some((item) => item.type === "video" && (item.segments_secs ?? item.segments_frames ?? []).length > 0)
  );
}

export function checkInput(body: GenerateBody): void {
  for (const [index, item] of body.input.entries()) {
    if (item.type !== "text" && item.url === undefined && item.assetId === undefined)
      throw unusableInput("generation_input_validation_failed", `input.${index} needs a url or an assetId.`);
  }
  checkArity(body);
  if (body.model !== "sync-3" && body.input.some(({ type }) => type === "image")) throw unsupportedModel();
  checkTrims(body.input);
  const hasImage = body.input.some(({ type }) => type === "image");
  for (const { active_speaker_detection } of allOptionsOf(body)) checkSpeaker(active_speaker_detection, hasImage);
  if ((body.segments ?? []).length > 0) checkSegments(body.segments ?? [], body.input);
}

function checkArity({ input, dubParams, segments, dialogueEdit }: GenerateBody): void {
  // The dialogue edit has the sound, so the input is one video alone [client].
  if (dialogueEdit != null) return;
  const visuals = input.filter(isVisual);
  const sounds = input.filter(isSound);
  if (visuals.length > 1) throw unusableInput("generation_input_too_many_visual");
  if (dubParams != null) {
    if (sounds.length > 0) throw unusableInput("generation_input_dub_audio_conflict");
    if (visuals[0]?.type !== "video")
      throw unusableInput("generation_input_validation_failed", "Dubbing takes exactly one video.");
    return;
  }
  if (visuals.length === 0)
    throw unusableInput("generation_input_validation_failed", "The input needs one video or image.");
  if (sounds.length === 0)
    throw unusableInput("generation_input_validation_failed", "The input needs an audio or text item.");
  if (sounds.length > 1 && (segments ?? []).length === 0)
    throw unusableInput(
      "generation_input_validation_failed",
      "More than one audio or text item is only possible together with segments.",
    );
}

function checkTrims(input: readonly InputItem[]): void {
  for (const item of input) {
    if (item.type !== "video") continue;
    for (const [start, end] of [...(item.segments_secs ?? []), ...(item.segments_frames ?? [])])
      if (start < 0 || start > end) throw unusableInput("generation_input_trim_invalid");
  }
}

/** Returns the options of the whole generation and those of its segments. */
function allOptionsOf({ options, segments }: GenerateBody): NonNullable<GenerateBody["options"]>[] {
  return [options, ...(segments ?? []).map(({ optionsOverride }) => optionsOverride)].filter((each) => each != null);
}

/**
 * Checks the selected speaker [sdk: ActiveSpeaker.d.ts]: a point is [x, y], a box is [x1, y1, x2, y2] or null. A picture
 * has no speaker to detect [doc: speaker-selection; the code of the refusal is inferred].
 */
function checkSpeaker(detection: Readonly<Record<string, unknown>> | null | undefined, hasImage: boolean): void {
  const { auto_detect: isDetected, coordinates, bounding_boxes: boxes } = detection ?? {};
  if (hasImage && isDetected === true)
    throw unusableInput(
      "generation_input_face_selection_invalid",
      "auto_detect is not supported for an image input.",
      "options",
    );
  const isPoint = coordinates == null || areNumbers(coordinates, 2);
  const areBoxes = boxes == null || (Array.isArray(boxes) && boxes.every((box) => box === null || areNumbers(box, 4)));
  if (!isPoint || !areBoxes) throw unusableInput("generation_input_face_selection_invalid");
}

function areNumbers(value: unknown, count: number): boolean {
  return Array.isArray(value) && value.length === count && value.every((item) => typeof item === "number");
}

function checkSegments(segments: readonly Segment[], input: readonly InputItem[]): void {
  const invalid = (message: string) => unusableInput("generation_input_segments_invalid", message, "segments");
  const sounds = input.filter(isSound);
  const names = sounds.map(({ refId }) => refId);
  if (names.includes(undefined)) throw invalid("With segments, every audio and text item needs a refId.");
  if (new Set(names).size < names.length) throw invalid("Each refId may be used by one input only.");
  for (const [index, { startTime, endTime, audioInput }] of segments.entries()) {
    if (startTime < 0 || startTime > endTime)
      throw invalid(`segments.${index}: startTime must not be negative or after endTime.`);
    if (!names.includes(audioInput.refId))
      throw invalid(`segments.${index}: no audio or text input has the refId "${audioInput.refId}".`);
    if ((audioInput.startTime === undefined) !== (audioInput.endTime === undefined))
      throw invalid(`segments.${index}: audioInput needs both startTime and endTime, or neither.`);
  }
}
