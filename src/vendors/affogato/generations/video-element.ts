/** Plans `video_anyone` elements, which animate an image. All other fields of the element are ignored [doc]. */
import type { Failure } from "../../../engine/model/generation.ts";
import { observe } from "../../../engine/model/observation.ts";
import { dimensionsFor, type Dimensions } from "../../../media/encode/dimensions.ts";
import type { Element } from "./element.ts";
import { flawOf, requireAsset, requireText, type ElementContext } from "./element-context.ts";
import { invalidAsset, invalidField } from "../errors.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { priceOf } from "./pricing.ts";

/**
 * The allowed aspect ratios of an input image, and the longest prompt [doc]; a breach leads to a failed output [doc].
 */
const INPUT_RATIOS = { "3:5": 3 / 5, "5:3": 5 / 3 } as const;
const MAX_PROMPT_LENGTH = 500;

/** Tolerance of a ratio: images have whole pixels, so a ratio may differ from the exact one by 1 percent [inferred]. */
const RATIO_TOLERANCE = 0.01;

/** The value of the documented example [inferred as default]. */
const DEFAULT_SECONDS = 5;
const LONG_SIDE = 1280;

export function planVideo(element: Element, context: ElementContext): PlannedOutput {
  const given = element.video_anyone ?? {};
  const input = inputSize(requireText(context, "video_anyone.media_id", given.media_id), context);
  const durationSeconds = given.duration ?? DEFAULT_SECONDS;
  if (durationSeconds <= 0) throw invalidField(`${context.path}.video_anyone.duration`, "must be positive");
  const flaw = flawOfInput(input, given.prompt ?? "", context);
  return {
    medium: "video",
    ...dimensionsFor(`${input.width}:${input.height}`, LONG_SIDE),
    durationSeconds,
    price: priceOf(context.submitter.fixtures, "video_anyone-second", durationSeconds),
    ...(flaw !== undefined && { flaw }),
  };
}

/**
 * Returns the size of the input, a media item or an asset of the account [doc: either id is taken]. Throws `Invalid
 * asset`.
 */
function inputSize(id: string, context: ElementContext): Dimensions {
  const { sandbox, account, now } = context.submitter;
  const generation = sandbox.generations.findByOutput("affogato", id);
  if (generation?.accountId !== account.id) return requireAsset(context, "video_anyone.media_id", id, "image").size;
  const output = observe(generation, now).outputs.find((candidate) => candidate.id === id);
  if (output?.state !== "succeeded") throw invalidAsset(id, "is not ready");
  if (output.medium !== "image") throw invalidAsset(id, "is not of type image");
  return output;
}

function flawOfInput({ width, height }: Dimensions, prompt: string, context: ElementContext): Failure | undefined {
  const isOfShape = Object.values(INPUT_RATIOS).some(
    (ratio) => Math.abs(width / height / ratio - 1) <= RATIO_TOLERANCE,
  );
  if (!isOfShape)
    return flawOf(
      context,
      `The image is ${width} by ${height} pixels; its aspect ratio must be ${Object.keys(INPUT_RATIOS).join(" or ")}.`,
    );
  if (prompt.length <= MAX_PROMPT_LENGTH) return undefined;
  return flawOf(context, `The prompt has ${prompt.length} characters; the limit is ${MAX_PROMPT_LENGTH}.`);
}
