/** States how Vivix Atelier wants its clients to behave. */
import type { VendorConduct } from "../conduct.ts";

export const conduct: VendorConduct = {
  statusReads: ["getGeneration"],
  creates: ["createGeneration"],
  lists: [],
  pollGap: { ms: 2000, what: "The samples wait 2 to 5 seconds between two reads.", source: "doc" },
  insteadOfPolls: { what: "Vivix Atelier calls the webhook_url of a request at its end.", source: "doc" },
  filesNeedNoKey: true,
};
