/** Starts the server with every kind of unusable file, and fills its file while it runs. */
import type { LoadPart } from "../part.ts";
import { starve } from "../starve.ts";

export const unusableFiles: LoadPart = {
  name: "unusable-files",
  title: "Unusable files",
  explanation:
    "The server must refuse each file at the start with one line, and leave it unchanged. When its file or its disk is full while it runs, creates get the vendor's own error, and nothing that was acknowledged is lost.",
  run: async ({ cli }) => {
    const { told, violations } = await starve({ cli });
    const tried = told.map(({ trial }) => ({
      what: trial,
      times: 1,
      wrong: violations.filter((each) => each.startsWith(trial)).length,
    }));
    return { tried, violations, figures: told };
  },
};
