/** States how sync. wants its clients to behave. */
import type { VendorConduct } from "../conduct.ts";

/** How long a held read lasts if its query names no timeout, and at most, in seconds [doc]. */
const LONGEST_WAIT_S = 55;

export const conduct: VendorConduct = {
  statusReads: ["getGeneration", "getGenerationById", "getTtsJob"],
  moreReads: ["getBatch"],
  creates: ["createGeneration", "createBatch", "createTtsJob"],
  lists: ["listGenerations", "listBatches"],
  pollGap: { ms: 100, what: "All reads of an account share a limit of 600 a minute.", source: "doc" },
  insteadOfPolls: {
    what: "sync. holds a read with wait=true for up to 55 seconds, and calls a webhookUrl at the end.",
    source: "doc",
  },
  heldMs: (query) => {
    if (query.get("wait") !== "true" && query.get("wait") !== "1") return undefined;
    const seconds = Number(query.get("timeout") ?? LONGEST_WAIT_S);
    return Math.min(Number.isFinite(seconds) && seconds > 0 ? seconds : LONGEST_WAIT_S, LONGEST_WAIT_S) * 1000;
  },
  idempotencyHeader: {
    name: "idempotency-key",
    what: "sync. answers a create with the Idempotency-Key of an earlier one by the earlier generation.",
    source: "doc",
  },
  filesNeedNoKey: true,
};
