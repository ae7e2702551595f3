import type { Outcome } from "../../http/errors/outcome.ts";
import { catalogueOutcomes } from "./catalogue-outcomes.ts";
import { creatingOutcomes } from "./creating-outcomes.ts";
import { generationOutcomes } from "./generation-outcomes.ts";
import { resourceOutcomes } from "./outcomes-resources.ts";

/** Everything sync can answer, and how to get it. */
export const outcomes: readonly Outcome[] = [
  ...creatingOutcomes,
  ...generationOutcomes,
  ...catalogueOutcomes,
  ...resourceOutcomes,
];
