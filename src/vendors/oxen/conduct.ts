/** States how Oxen.ai wants its clients to behave. */
import { z } from "zod";
import type { VendorConduct } from "../conduct.ts";

const page = z.looseObject({ page_number: z.int(), total_pages: z.int() });

export const conduct: VendorConduct = {
  statusReads: ["getGeneration", "getGenerationDetails"],
  creates: ["createGeneration", "generateImage", "generateVideo", "generateAudio", "editImage"],
  answersAtEnd: ["generateImage", "generateVideo", "generateAudio", "editImage"],
  eventStreams: ["followEvents"],
  lists: ["listGenerations", "listPastGenerations"],
  pollGap: {
    ms: 2000,
    what: "The samples wait 2 to 5 seconds between two reads.",
    source: "doc",
    isSampled: true,
  },
  insteadOfPolls: { what: "Oxen.ai streams the changes of generations at /api/events.", source: "doc" },
  hasNextPage: (answer) => {
    const parsed = page.safeParse(answer);
    return parsed.success && parsed.data.page_number < parsed.data.total_pages;
  },
  // Files of a repository may be private, so a key in their download is right.
  filesNeedNoKey: false,
};
