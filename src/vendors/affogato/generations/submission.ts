/**
 * Turns the body of a create into the engine's job: its outputs, their prices, and their descriptions for the response.
 */
import type { OutputDraft } from "../../../engine/scenario/plan.ts";
import type { JobDraft } from "../../../http/request/creating.ts";
import { planLimits, stateOf } from "../account.ts";
import type { Submitter } from "../../../http/request/submitter.ts";
import { findNamedAssets } from "../assets/store.ts";
import type { Attributes } from "./store.ts";
import { Catalogue } from "../catalogue.ts";
import { variantOf, type Element } from "./element.ts";
import type { ElementContext } from "./element-context.ts";
import { nextJobId } from "../ids.ts";
import { planImages } from "./image-element.ts";
import { planNarration } from "./narration-element.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { planSegment, planTrueTouch } from "./retouch-element.ts";
import { planVideo } from "./video-element.ts";

const FORMATS = { image: "png", video: "mp4" } as const;
const PREFIXES = { image: "img", video: "vid" } as const;

export interface Submission {
  /** Total price of all outputs, in credits. */
  readonly price: number;
  readonly draft: () => JobDraft;
}

/**
 * Checks every element and throws affogato's own errors. Charges and stores nothing. Call `inspectUploads` first, so
 * that the assets of the elements have been inspected.
 */
export function planSubmission(submitter: Submitter, body: readonly Element[]): Submission {
  const { account } = submitter;
  const assets = findNamedAssets(submitter, body);
  const catalogue = new Catalogue(submitter);
  const { batchSize: maxBatchSize } = planLimits(stateOf(account));
  const outputs = body.flatMap((element, index) =>
    planElement(element, { submitter, catalogue, assets, maxBatchSize, path: String(index) }),
  );
  return {
    price: outputs.reduce((sum, output) => sum + output.price, 0),
    draft: () => draftOf(submitter, body, outputs),
  };
}

function planElement(element: Element, context: ElementContext): PlannedOutput[] {
  const variant = variantOf(element);
  switch (variant) {
    case "style":
    case "model":
    case "prompt":
      return planImages(element, variant, context);
    case "segment":
      return [planSegment(element, context)];
    case "true_touch":
      return [planTrueTouch(element, context)];
    case "narrator":
      return [planNarration(element, context)];
    case "video_anyone":
      return [planVideo(element, context)];
  }
}

/** Drafts one generation from all elements of a request [client: SelfAI sends several and reads one generation_id]. */
function draftOf(submitter: Submitter, body: readonly Element[], planned: readonly PlannedOutput[]): JobDraft {
  const prices: Attributes["prices"] = {};
  const descriptions: Attributes["descriptions"] = {};
  const outputs = planned.map(({ price, model, style, ...output }): OutputDraft => {
    const id = nextJobId(submitter, PREFIXES[output.medium]);
    prices[id] = price;
    descriptions[id] = { ...(model !== undefined && { model }), ...(style !== undefined && { style }) };
    return { id, format: FORMATS[output.medium], ...output };
  });
  const named = planned.find(({ model, style }) => model !== undefined || style !== undefined);
  const model = named?.model ?? named?.style?.name ?? "";
  return {
    id: nextJobId(submitter, "gen"),
    model,
    medium: planned.some(({ medium }) => medium === "video") ? "video" : "image",
    facts: { model },
    request: body,
    attributes: { prices, descriptions } satisfies Attributes,
    outputs,
    outputsHavePublicIds: true,
    cost: planned.reduce((sum, { price }) => sum + price, 0),
  };
}
