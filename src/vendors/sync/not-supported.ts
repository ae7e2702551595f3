/** Lists the known features of sync that the emulator does not support. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "`POST /v2/generate/{id}/cancel`",
    why: "only the API description of November 2024 has it; every later one lacks it.",
    source: "doc",
  },
  {
    what: "`POST /v2/generate/upload`, `POST /v2/generate/batch` and `GET /v2/generate`",
    why: "only older overview pages print these routes; newer copies lack them.",
    source: "doc",
  },
  {
    what: "Windows of dialogue edits, and sessions of the Studio",
    why: "the vendor refuses a window to every key, and the emulator has no sign-in that makes a session.",
    source: "doc",
  },
  {
    what: "The draft content of projects",
    why: "no route shows it, so taking an asset out of it changes no answer.",
    source: "doc",
  },
  {
    what: "API keys without an owner",
    why: "every key of the emulator belongs to a user; the 422 and the `account: null` of such keys cannot be provoked.",
    source: "doc",
  },
  {
    what: "`estimate` and `difficulty` of transcriptions, and slices of face tracks",
    why: "the tool server shows them; their keys and the route of the slices could not be read.",
    source: "client",
  },
  {
    what: "`GET /api/auth/session` and the rates per IP address",
    why: "the emulator has no sign-in, and its limits are counted per organisation.",
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
