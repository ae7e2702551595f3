/** Elements that work on an image of the account's: `segment` and `true_touch`. They ignore everything else [doc]. */
import type { Element } from "./element.ts";
import type { ElementContext } from "./element-context.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { priceOf } from "./pricing.ts";

export function planRetouch(
  _element: Element,
  variant: "segment" | "true_touch",
  { request }: ElementContext,
): PlannedOutput {
  return { medium: "image", width: 1024, height: 1024, price: priceOf(request.server.fixtures, variant) };
}
