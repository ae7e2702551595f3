/** Lists the parts of `npm run load`, in the order in which they run and appear in docs/reliability.md. */
import type { LoadPart } from "../part.ts";
import { conformance } from "./conformance.ts";
import { damagedFiles } from "./damaged-files.ts";
import { damagedRows } from "./damaged-rows.ts";
import { fullDisk } from "./full-disk.ts";
import { generatedParts } from "./generated-requests.ts";
import { greedParts } from "./greedy-clients.ts";
import { killParts } from "./kills.ts";
import { soakParts } from "./soaks.ts";
import { soundClients } from "./sound-clients.ts";
import { stalls } from "./stalls.ts";
import { unusableFiles } from "./unusable-files.ts";

export const parts: readonly LoadPart[] = [
  ...soakParts,
  ...killParts,
  unusableFiles,
  fullDisk,
  damagedFiles,
  damagedRows,
  ...generatedParts,
  ...greedParts,
  stalls,
  soundClients,
  conformance,
];
