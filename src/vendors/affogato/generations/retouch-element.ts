/**
 * Plans elements that edit an image of the account: `segment` and `true_touch`. All other fields of the element are
 * ignored [doc].
 */
import type { Element } from "./element.ts";
import { requireAsset, requireText, type ElementContext } from "./element-context.ts";
import { invalidField } from "../errors.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { priceOf } from "./pricing.ts";

/** The value of the documented example [inferred as default]. */
const DEFAULT_SCALE_FACTOR = 1.5;

/** Plans the replacement of an object in an image; the result has the size of the image. */
export function planSegment({ segment }: Element, context: ElementContext): PlannedOutput {
  const { size } = requireAsset(context, "segment.asset_id", segment?.asset_id, "image");
  requireText(context, "segment.find", segment?.find);
  requireText(context, "segment.replace", segment?.replace);
  return { medium: "image", ...size, price: priceOf(context.submitter.fixtures, "segment") };
}

/** Plans the enhancement and scaling of an image. */
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
