/** States what the pages of Oxen.ai say to a client. */
import { at, listAt, textAt } from "./answers.ts";
import type { ClientVendor } from "./vendor.ts";

const ENDED = new Set(["failed", "cancelled"]);

/** Returns the ids of a create that may have been carried out: its seed stands in the rows of the history. */
async function findBySeed(read: (path: string) => Promise<unknown>, seed: number): Promise<readonly string[]> {
  const answer = await read("/api/ai/generations?page=1&page_size=100");
  return listAt(answer, "generations")
    .filter((row) => at(row, "seed") === seed)
    .flatMap((row) => textAt(row, "generation_id") ?? []);
}

export const oxen: ClientVendor = {
  name: "oxen",
  headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  gaps: { firstMs: 3000, longestMs: 20_000 },
  order: ({ text, count }, unique) => {
    const seed = Number.parseInt(unique.replaceAll("-", "").slice(0, 7), 16);
    return {
      path: "/api/ai/queue",
      body: { model: "black-forest-labs-flux-2-klein-4b", prompt: text, num_generations: count, seed },
      uncertain: { kind: "look", find: (read) => findBySeed(read, seed) },
    };
  },
  idsOf: (answer) => listAt(answer, "generations").flatMap((row) => textAt(row, "generation_id") ?? []),
  readPath: (id) => `/api/ai/queue/${encodeURIComponent(id)}`,
  stateOf: (answer) => {
    const status = textAt(answer, "status") ?? "";
    const link = textAt(answer, "result_url");
    if (status === "succeeded") return link === undefined ? { links: [] } : { end: "succeeded", links: [link] };
    if (!ENDED.has(status)) return { links: [] };
    return { end: "failed", links: [], why: textAt(answer, "error_message") ?? status };
  },
  filesMayNeedKey: true,
};
