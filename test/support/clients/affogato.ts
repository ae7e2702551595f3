/** States what the pages of Affogato say to a client. */
import { at, listAt, textAt } from "./answers.ts";
import type { ClientVendor } from "./vendor.ts";

export const affogato: ClientVendor = {
  name: "affogato",
  headers: (apiKey) => ({ "x-api-key": apiKey }),
  gaps: { firstMs: 2000, longestMs: 15_000 },
  order: ({ text, count }) => ({
    path: "/pub/v1/generations",
    body: Array.from({ length: count }, (_none, index) => ({
      prompt: { positive: `${text}, take ${index + 1}` },
      model: "JuggernautXL",
      aspect_ratio: "1:1",
      batch_size: 1,
    })),
    // The rows of the list do not show what was asked for, so a lost job cannot be told from another.
    uncertain: { kind: "give-up" },
  }),
  idsOf: (answer) => [textAt(answer, "data", "generation_id") ?? []].flat(),
  readPath: (id) => `/pub/v1/generations/${encodeURIComponent(id)}`,
  stateOf: (answer) => {
    const media = listAt(answer, "data", "media");
    const links = media.flatMap((item) => (at(item, "status") === "success" ? (textAt(item, "url") ?? []) : []));
    const failed = media.filter((item) => at(item, "status") === "failed");
    if (media.length === 0 || links.length + failed.length < media.length) return { links: [] };
    if (failed.length === 0) return { end: "succeeded", links };
    return { end: "failed", links, why: `${failed.length} of ${media.length} media failed` };
  },
  filesMayNeedKey: false,
};
