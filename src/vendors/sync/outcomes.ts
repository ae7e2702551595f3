/** Lists every response of sync, each with a request that provokes it. */
import type { Outcome } from "../../http/errors/outcome.ts";
import { assetOutcomes } from "./assets/outcomes.ts";
import { batchOutcomes } from "./batches/outcomes.ts";
import { costOutcomes } from "./costs/outcomes.ts";
import { dialogueOutcomes } from "./dialogue/outcomes.ts";
import { feedbackOutcomes } from "./feedback/outcomes.ts";
import { creatingOutcomes } from "./generations/create-outcomes.ts";
import { generationOutcomes } from "./generations/outcomes.ts";
import { organizationOutcomes } from "./organization/outcomes.ts";
import { projectOutcomes } from "./projects/outcomes.ts";
import { referenceOutcomes } from "./reference/outcomes.ts";
import { ttsOutcomes } from "./speech/outcomes.ts";
import { transcriptionOutcomes } from "./transcriptions/outcomes.ts";
import { voiceOutcomes } from "./voices/outcomes.ts";

export const outcomes: readonly Outcome[] = [
  ...creatingOutcomes,
  ...generationOutcomes,
  ...referenceOutcomes,
  ...costOutcomes,
  ...batchOutcomes,
  ...assetOutcomes,
  ...voiceOutcomes,
  ...ttsOutcomes,
  ...transcriptionOutcomes,
  ...dialogueOutcomes,
  ...projectOutcomes,
  ...organizationOutcomes,
  ...feedbackOutcomes,
];
