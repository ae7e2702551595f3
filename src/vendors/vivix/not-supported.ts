/** What is known of vivix and not done here. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "Settings, API & Webhooks (keys, endpoints and their secrets)",
    why: "a page and no API; here the control API registers keys and endpoints.",
    source: "doc",
  },
  {
    what: "Idempotent retries",
    why: "the section that describes them could not be read, so each POST makes a generation of its own.",
    source: "doc",
  },
  {
    what: "What a webhook's text says past its signature",
    why: "the page is cut there: attempts, their spacing and when an endpoint is switched off are ours.",
    source: "doc",
  },
];
