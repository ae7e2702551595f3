/** States what the pages of Vivix Atelier say to a client. */
import { listAt, textAt } from "./answers.ts";
import type { ClientVendor, JobState } from "./vendor.ts";

function stateOf(answer: unknown): JobState {
  const status = textAt(answer, "status");
  const links = listAt(answer, "output_urls").filter((link) => typeof link === "string");
  const first = textAt(answer, "output_url");
  const all = links.length === 0 && first !== undefined ? [first] : links;
  if (status === "completed") return all.length === 0 ? { links: [] } : { end: "succeeded", links: all };
  if (status !== "failed") return { links: [] };
  return { end: "failed", links: [], why: textAt(answer, "message") ?? textAt(answer, "error_message") ?? status };
}

export const vivix: ClientVendor = {
  name: "vivix",
  headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  gaps: { firstMs: 3000, longestMs: 15_000 },
  order: ({ text, count }) => ({
    path: "/api/v1/generate",
    body: { model: "grok-imagine-image-quality", prompt: text, resolution: "1K", number_results: count },
    // The errors page calls a repetition safe, and names the waits after its own errors; it has no key for lost answers.
    uncertain: { kind: "after-error" },
  }),
  idsOf: (answer) => [textAt(answer, "generation_id") ?? []].flat(),
  readPath: (id) => `/api/v1/generations/${encodeURIComponent(id)}`,
  stateOf,
  filesMayNeedKey: false,
};
