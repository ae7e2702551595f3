/** Plans elements that make images from a prompt, with a style, a model or neither. */
import { dimensionsFor, type Dimensions } from "../../../media/encode/dimensions.ts";
import { findOwnCharacter } from "../characters/store.ts";
import type { Resource } from "../catalogue.ts";
import { aspectRatios, qualities, samplers, undocumentedRatios, type Element } from "./element.ts";
import { requireAsset, requireText, type ElementContext } from "./element-context.ts";
import { invalidBatchSize, invalidCharacter, invalidField } from "../errors.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { priceOf } from "./pricing.ts";

/**
 * The longer side of an image: the examples are 1024 pixels square; the longer side of the other ratios is [inferred].
 */
const LONG_SIDE = 1024;

/** Base model of an element that names neither style nor model [inferred]. */
const DEFAULT_BASE_MODEL = "sdxl";

export function planImages(
  element: Element,
  variant: "style" | "model" | "prompt",
  context: ElementContext,
): PlannedOutput[] {
  const { path, maxBatchSize, submitter } = context;
  const chosen = chosenResource(element, variant, context);
  const isFlux = chosen?.base_model === "flux";
  if (variant === "prompt" && (element.prompt?.positive ?? "") === "")
    throw invalidField(path, "must have a prompt, a style or a model");
  checkRatio(element, context);
  if (!isFlux) checkOptions(element, chosen?.base_model ?? DEFAULT_BASE_MODEL, context);
  checkLikeness(element, context);
  const control = controlImage(element, chosen?.base_model ?? DEFAULT_BASE_MODEL, context);
  const batchSize = element.batch_size ?? 1;
  if (batchSize < 1 || batchSize > maxBatchSize) throw invalidBatchSize(maxBatchSize);
  const item = isFlux ? "image-flux" : element.quality === "Plus" ? "image-plus" : "image";
  const output: PlannedOutput = {
    medium: "image",
    // With a control net, Flux uses the aspect ratio of the control image [doc].
    ...dimensionsFor(isFlux && control !== undefined ? ratioOf(control) : (element.aspect_ratio ?? "1:1"), LONG_SIDE),
    price: priceOf(submitter.fixtures, item),
    ...(variant === "model" && chosen !== undefined && { model: chosen.name }),
    ...(variant === "style" && chosen !== undefined && { style: chosen }),
  };
  return Array.from({ length: batchSize }, () => output);
}

function chosenResource(
  element: Element,
  variant: "style" | "model" | "prompt",
  { catalogue }: ElementContext,
): Resource | undefined {
  if (variant === "style") return catalogue.style(element);
  return variant === "model" ? catalogue.model(element.model ?? "") : undefined;
}

/** Checks the options that apply to every base model except Flux [doc]. */
function checkOptions(element: Element, baseModel: string, { catalogue, path }: ElementContext): void {
  checkListed(`${path}.quality`, element.quality, qualities);
  checkListed(`${path}.sampler`, element.sampler, samplers);
  for (const { name } of element.loras ?? []) catalogue.checkLora(name, baseModel);
}

/** Checks the sources of a face: a character, or the face in an asset. */
function checkLikeness({ character, facelock }: Element, context: ElementContext): void {
  if (facelock != null) requireAsset(context, "facelock.asset_id", facelock.asset_id, "image");
  if (character == null) return;
  const id = requireText(context, "character.character_id", character.character_id);
  if (findOwnCharacter(context.submitter, id) === undefined) throw invalidCharacter();
}

function controlImage(
  { control_net: given }: Element,
  baseModel: string,
  context: ElementContext,
): Dimensions | undefined {
  if (given == null) return undefined;
  context.catalogue.checkControlNet(requireText(context, "control_net.name", given.name), baseModel);
  return requireAsset(context, "control_net.asset_id", given.asset_id, "image").size;
}

const ratioOf = ({ width, height }: Dimensions): string => `${width}:${height}`;

/** Checks the aspect ratio; an open catalogue also accepts two undocumented ratios, with a diagnostic. */
function checkRatio({ aspect_ratio: ratio }: Element, { path, submitter }: ElementContext): void {
  const field = `${path}.aspect_ratio`;
  const isKnown = undocumentedRatios.some((each) => each === ratio);
  if (!isKnown || submitter.sandbox.settings.isCatalogueStrict("affogato")) {
    checkListed(field, ratio, aspectRatios);
    return;
  }
  submitter.explain?.(
    "VALUE_UNDOCUMENTED",
    `${field} is ${ratio ?? ""}; the documented values are ${aspectRatios.join(", ")}.`,
  );
}

/** Checks a value against a documented list, whose values are case-sensitive [doc]. */
function checkListed(path: string, value: string | null | undefined, values: readonly string[]): void {
  if (value == null || values.includes(value)) return;
  throw invalidField(path, `must be one of ${values.join(", ")}`);
}
