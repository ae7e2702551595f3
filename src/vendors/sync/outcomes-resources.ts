import type { Outcome } from "../../http/errors/outcome.ts";
import { assetOutcomes } from "./assets/outcomes.ts";
import { batchOutcomes } from "./batches/outcomes.ts";
import { organizationOutcomes } from "./organization/outcomes.ts";
import { projectOutcomes } from "./projects/outcomes.ts";
import { ttsOutcomes } from "./speech/outcomes.ts";
import { voiceOutcomes } from "./voices/outcomes.ts";

/** What sync answers about everything beside single generations. */
export const resourceOutcomes: readonly Outcome[] = [
  ...batchOutcomes,
  ...assetOutcomes,
  ...voiceOutcomes,
  ...ttsOutcomes,
  ...projectOutcomes,
  ...organizationOutcomes,
];
