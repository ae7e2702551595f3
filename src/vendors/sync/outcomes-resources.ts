import type { Outcome } from "../../http/errors/outcome.ts";
import { assetOutcomes } from "./asset-outcomes.ts";
import { batchOutcomes } from "./batch-outcomes.ts";
import { organizationOutcomes } from "./organization-outcomes.ts";
import { projectOutcomes } from "./project-outcomes.ts";
import { ttsOutcomes } from "./tts-outcomes.ts";
import { voiceOutcomes } from "./voice-outcomes.ts";

/** What sync answers about everything beside single generations. */
export const resourceOutcomes: readonly Outcome[] = [
  ...batchOutcomes,
  ...assetOutcomes,
  ...voiceOutcomes,
  ...ttsOutcomes,
  ...projectOutcomes,
  ...organizationOutcomes,
];
