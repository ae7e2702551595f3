/** States how Acme wants its clients to behave. */
import type { VendorConduct } from "../../../src/vendors/conduct.ts";

export const conduct: VendorConduct = {
  statusReads: ["getGeneration"],
  creates: ["createGeneration"],
  lists: [],
  eventStreams: ["followEvents"],
  pollGap: { ms: 1000, what: "Ask once a second.", source: "doc" },
  insteadOfPolls: { what: "Acme holds a read with wait=true, and calls webhooks.", source: "doc" },
  heldMs: (query) => (query.get("wait") === "true" ? Number(query.get("timeout") ?? 30) * 1000 : undefined),
  idempotencyHeader: { name: "idempotency-key", what: "Acme makes one job for each Idempotency-Key.", source: "doc" },
  deprecated: [{ operation: "getGenerationResult", what: "Use the urls of the job.", source: "doc" }],
  filesNeedNoKey: true,
};
