/** Elements that work on an image of the account's: `segment` and `true_touch`. They ignore everything else [doc]. */
import type { Element } from "./element.ts";
import { requireAsset, requireText, type ElementContext } from "./element-context.ts";
import { invalidField } from "../errors.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { priceOf } from "./pricing.ts";

/** The example's [inferred as default]. */
const DEFAULT_SCALE_FACTOR = 1.5;

/** Replaces what is found in an image; the result is as large as the image. */
export function planSegment({ segment }: Element, context: ElementContext): PlannedOutput {
  const { size } = requireAsset(context, "segment.asset_id", segment?.asset_id, "image");
  requireText(context, "segment.find", segment?.find);
  requireText(context, "segment.replace", segment?.replace);
  return { medium: "image", ...size, price: priceOf(context.submitter.fixtures, "segment") };
}

/** Enhances an image and scales it up. */
export function planTrueTouch({ true_touch: given }: Element, context: ElementContext): PlannedOutput {
  const { size } = requireAsset(context, "true_touch.asset_id", given?.asset_id, "image");
  const scale = given?.scale_factor ?? DEFAULT_SCALE_FACTOR;
  if (scale <= 0) throw invalidField(`${context.path}.true_touch.scale_factor`, "must be positive");
  return {
    medium: "image",
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
    price: priceOf(context.submitter.fixtures, "true_touch"),
  };
}
