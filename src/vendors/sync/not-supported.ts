/** What is known of sync and not done here. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "`POST /v2/generate/{id}/cancel`",
    why: "only the description of November 2024 has it; it is gone from every later one.",
    source: "doc",
  },
  {
    what: "`/v2/transcriptions` and `/v2/dialogue-edits`",
    why: "early access; their pages do not say enough to answer them.",
    source: "doc",
  },
  {
    what: "`dialogueEdit` of `POST /v2/generate`",
    why: "early access: every organization here is one of the most that are refused it, with 422 `dialogue_edit_unsupported`; the other codes come from scenarios.",
    source: "doc",
  },
  {
    what: "The whole list of ElevenLabs' voices",
    why: "`GET /v2/voices` has a few of them; speech takes every id of their form, 20 letters and digits, and no other id.",
    source: "inferred",
  },
  {
    what: "`/v2/device-auth` and `/v2/oauth`",
    why: "the login of the vendor's own tool server, which takes an API key as well.",
    source: "client",
  },
  {
    what: "Looking into inputs",
    why: "input URLs are never fetched: what a file cannot be used for comes from scenarios, and lengths from what the request says.",
    source: "doc",
  },
  {
    what: "The full texts of `GET /v2/errors`",
    why: "codes and their classes are documented; most messages and suggestions could not be read and are ours.",
    source: "doc",
  },
];
