/** Lists the known features of sync that the emulator does not support. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "`POST /v2/generate/{id}/cancel`",
    why: "only the API description of November 2024 has it; every later one lacks it.",
    source: "doc",
  },
  {
    what: "`/v2/transcriptions` and `/v2/dialogue-edits`",
    why: "early access; their pages do not say enough to emulate them.",
    source: "doc",
  },
  {
    what: "`dialogueEdit` of `POST /v2/generate`",
    why: "early access: the vendor refuses it to most organizations, and the emulator refuses it to all, with 422 `dialogue_edit_unsupported`; the other codes come from scenarios.",
    source: "doc",
  },
  {
    what: "The full list of ElevenLabs' voices",
    why: "`GET /v2/voices` lists a few of them; speech accepts every id of the form of theirs, 20 letters and digits.",
    source: "inferred",
  },
  {
    what: "`/v2/device-auth` and `/v2/oauth`",
    why: "the login of the vendor's own tool server, which also accepts an API key.",
    source: "client",
  },
  {
    what: "The inspection of inputs",
    why: "input URLs are never fetched: errors about unusable files come from scenarios, and lengths come from the request.",
    source: "doc",
  },
  {
    what: "The full texts of `GET /v2/errors`",
    why: "codes and their classes are documented; most messages and suggestions could not be read and are ours.",
    source: "doc",
  },
];
