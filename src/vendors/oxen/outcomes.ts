/** Lists every response of oxen, each with a request that provokes it. */
import type { Outcome } from "../../http/errors/outcome.ts";
import { eventOutcomes } from "./events/outcomes.ts";
import { fileOutcomes } from "./files/outcomes.ts";
import { historyOutcomes } from "./history/outcomes.ts";
import { modelOutcomes } from "./models/outcomes.ts";
import { queueOutcomes } from "./queue/outcomes.ts";
import { synchronousOutcomes } from "./synchronous/outcomes.ts";

export const outcomes: readonly Outcome[] = [
  ...queueOutcomes,
  ...historyOutcomes,
  ...synchronousOutcomes,
  ...modelOutcomes,
  ...fileOutcomes,
  ...eventOutcomes,
];
