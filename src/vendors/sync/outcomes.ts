import type { Outcome } from "../../http/errors/outcome.ts";
import { catalogueOutcomes } from "./reference/outcomes.ts";
import { creatingOutcomes } from "./generations/create-outcomes.ts";
import { generationOutcomes } from "./generations/outcomes.ts";
import { resourceOutcomes } from "./outcomes-resources.ts";

/** Everything sync can answer, and how to get it. */
export const outcomes: readonly Outcome[] = [
  ...creatingOutcomes,
  ...generationOutcomes,
  ...catalogueOutcomes,
  ...resourceOutcomes,
];
