/** Lists the known features of sync that the emulator does not support. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "`POST /v2/generate/{id}/cancel`",
    why: "only the API description of November 2024 has it; every later one lacks it.",
    source: "doc",
  },
  {
    what: "`/v2/dialogue-edits`",
    why: "early access; the pages of these routes do not say enough to emulate them.",
    source: "doc",
  },
  {
    what: "`dialogueEdit` of `POST /v2/generate`",
    why: "early access: the vendor enables it for few organizations, and the emulator for none. The emulator answers 422 `dialogue_edit_unsupported`; scenarios provoke the other codes.",
    source: "doc",
  },
  {
    what: "The full list of ElevenLabs' voices",
    why: "`GET /v2/voices` lists a few of these voices; speech accepts every id in ElevenLabs' format, 20 letters and digits.",
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
