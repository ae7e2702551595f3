/** Elements that make images from a prompt, with a style, a model, or neither. */
import { dimensionsFor } from "../../media/dimensions.ts";
import type { Resource } from "./catalogue.ts";
import { aspectRatios, qualities, samplers, type Element } from "./element.ts";
import type { ElementContext } from "./element-context.ts";
import { invalidBatchSize, invalidField } from "./errors.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { priceOf } from "./pricing.ts";

/** The examples are 1024 pixels square; the longer side of the other ratios is [inferred]. */
const LONG_SIDE = 1024;

export function planImages(
  element: Element,
  variant: "style" | "model" | "prompt",
  context: ElementContext,
): PlannedOutput[] {
  const { path, maxBatchSize, request } = context;
  const chosen = chosenResource(element, variant, context);
  const isFlux = chosen?.base_model === "flux";
  if (variant === "prompt" && (element.prompt?.positive ?? "") === "")
    throw invalidField(path, "names nothing to generate");
  checkListed(`${path}.aspect_ratio`, element.aspect_ratio, aspectRatios);
  if (!isFlux) checkOptions(element, chosen?.base_model ?? "sdxl", context);
  const batchSize = element.batch_size ?? 1;
  if (batchSize < 1 || batchSize > maxBatchSize) throw invalidBatchSize(maxBatchSize);
  const item = isFlux ? "image-flux" : element.quality === "Plus" ? "image-plus" : "image";
  const output: PlannedOutput = {
    medium: "image",
    ...dimensionsFor(element.aspect_ratio ?? "1:1", LONG_SIDE),
    price: priceOf(request.server.fixtures, item),
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

/** What applies to every base model but Flux [doc]. */
function checkOptions(element: Element, baseModel: string, { catalogue, path }: ElementContext): void {
  checkListed(`${path}.quality`, element.quality, qualities);
  checkListed(`${path}.sampler`, element.sampler, samplers);
  for (const { name } of element.loras ?? []) catalogue.checkLora(name, baseModel);
}

/** Values of the documented lists are case-sensitive [doc]. */
function checkListed(path: string, value: string | null | undefined, values: readonly string[]): void {
  if (value == null || values.includes(value)) return;
  throw invalidField(path, `must be one of ${values.join(", ")}`);
}
