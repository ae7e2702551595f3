/** Lists every response of affogato, each with a request that provokes it. */
import type { Outcome } from "../../http/errors/outcome.ts";
import { assetOutcomes } from "./assets/outcomes.ts";
import { characterOutcomes } from "./characters/outcomes.ts";
import { generationOutcomes } from "./generations/outcomes.ts";
import { resourceOutcomes } from "./resources/outcomes.ts";

export const outcomes: readonly Outcome[] = [
  ...generationOutcomes,
  ...assetOutcomes,
  ...characterOutcomes,
  ...resourceOutcomes,
];
