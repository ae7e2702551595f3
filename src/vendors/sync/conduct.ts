/** States how sync. wants its clients to behave. */
import { z } from "zod";
import type { VendorConduct } from "../conduct.ts";
import { vintageOf, waitBounds } from "./vintage.ts";

const page = z.array(z.unknown());

export const conduct: VendorConduct = {
  statusReads: ["getGeneration", "getGenerationById", "getBatch", "getTtsJob", "getTranscription", "getDialogueEdit"],
  creates: ["createGeneration", "createBatch", "createTtsJob"],
  lists: ["listGenerations", "listBatches"],
  pollGap: { ms: 100, what: "All reads of an account share a limit of 600 a minute.", source: "doc" },
  insteadOfPolls: {
    what: "sync. holds a read with wait=true for up to 55 seconds, and calls a webhookUrl at the end.",
    source: "doc",
  },
  heldMs: (query, sandbox) => {
    if (query.get("wait") !== "true" && query.get("wait") !== "1") return undefined;
    const { defaultSeconds, maxSeconds } = waitBounds[vintageOf(sandbox)];
    const seconds = Number(query.get("timeout") ?? defaultSeconds);
    return Math.min(Number.isFinite(seconds) && seconds > 0 ? seconds : defaultSeconds, maxSeconds) * 1000;
  },
  idempotencyHeader: {
    name: "idempotency-key",
    what: "sync. answers a create with the Idempotency-Key of an earlier one by the earlier generation.",
    source: "doc",
  },
  // A page has no field that says whether there is another; it is full if there may be one.
  hasNextPage: (answer, query) => {
    const parsed = page.safeParse(answer);
    const limit = query.get("limit");
    return parsed.success && limit !== null && parsed.data.length === Number(limit);
  },
  filesNeedNoKey: true,
};
