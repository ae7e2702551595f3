/** Lists the known features of vivix that the emulator does not support. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "Settings, API & Webhooks (keys, endpoints and their secrets)",
    why: "the vendor has a page and no API for it; here the control API registers keys and endpoints.",
    source: "doc",
  },
  {
    what: "Idempotent retries",
    why: "the section that describes them could not be read, so each POST makes a new generation.",
    source: "doc",
  },
  {
    what: "The rules of webhooks after the section on signatures",
    why: "the page is cut there: the attempts, their delays and the disabling of endpoints are our choice.",
    source: "doc",
  },
];
