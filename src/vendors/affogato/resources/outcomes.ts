/** Lists every response of the resource lists, each with a request that provokes it. */
import type { Outcome } from "../../../http/errors/outcome.ts";
import { listing } from "../provocations.ts";

export const resourceOutcomes: readonly Outcome[] = [
  ...listing("listModels", "/pub/v1/models", "client"),
  ...listing("listLoras", "/pub/v1/loras", "inferred"),
  ...listing("listStyles", "/pub/v1/styles", "client"),
  ...listing("listControlnets", "/pub/v1/controlnets", "doc"),
  ...listing("listVoices", "/pub/v1/voices", "inferred"),
];
