/** Everything affogato can answer, and how to get it. */
import type { Outcome } from "../../http/errors/outcome.ts";
import { assetOutcomes } from "./asset-outcomes.ts";
import { generationOutcomes } from "./generation-outcomes.ts";

export const outcomes: readonly Outcome[] = [...generationOutcomes, ...assetOutcomes];
