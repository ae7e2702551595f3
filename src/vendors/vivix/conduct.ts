/** States how Vivix Atelier wants its clients to behave. */
import type { VendorConduct } from "../conduct.ts";

export const conduct: VendorConduct = {
  statusReads: ["getGeneration"],
  creates: ["createGeneration"],
  lists: [],
  pollGap: { ms: 2000, what: "The samples wait 2 to 5 seconds between two reads.", source: "doc", isSampled: true },
  insteadOfPolls: {
    what: "Vivix Atelier calls the endpoints of an account's settings when a generation ends.",
    source: "doc",
  },
  safeRepeat: {
    after: [500, 503],
    what: "The errors page calls a repeated generation request safe, from 1 s after a 500 and 60 s after a 503; it names no key for a lost answer.",
    source: "doc",
  },
  filesNeedNoKey: true,
};
