/** Everything affogato can answer, and how to get it. */
import type { Outcome } from "../../http/errors/outcome.ts";
import { assetOutcomes } from "./assets/outcomes.ts";
import { generationOutcomes } from "./generations/outcomes.ts";

export const outcomes: readonly Outcome[] = [...generationOutcomes, ...assetOutcomes];
