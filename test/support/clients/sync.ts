/** States what the pages of sync. say to a client. */
import { textAt } from "./answers.ts";
import type { ClientVendor, JobState } from "./vendor.ts";

/** Returns the state in a generation, as a read, a webhook and a row of a batch have it. */
function stateOf(answer: unknown): JobState {
  const status = textAt(answer, "status");
  const link = textAt(answer, "outputUrl");
  // A link that is not there yet comes with a later read.
  if (status === "COMPLETED") return link === undefined ? { links: [] } : { end: "succeeded", links: [link] };
  if (status !== "FAILED" && status !== "REJECTED") return { links: [] };
  return { end: "failed", links: [], why: textAt(answer, "error") ?? status };
}

export const inputOf = (text: string): readonly unknown[] => [
  { type: "video", url: "https://assets.example.com/speaker.mp4" },
  { type: "audio", url: `https://assets.example.com/${encodeURIComponent(text)}.wav` },
];

export const sync: ClientVendor = {
  name: "sync",
  headers: (apiKey) => ({ "x-api-key": apiKey }),
  gaps: { firstMs: 2000, longestMs: 15_000 },
  order: ({ text, webhookUrl }, unique) => ({
    path: "/v2/generate",
    body: { model: "lipsync-2", input: inputOf(text), ...(webhookUrl !== undefined && { webhookUrl }) },
    headers: { "idempotency-key": unique },
    uncertain: { kind: "repeat" },
  }),
  idsOf: (answer) => [textAt(answer, "id") ?? []].flat(),
  readPath: (id) => `/v2/generate/${encodeURIComponent(id)}`,
  stateOf,
  filesMayNeedKey: false,
};
