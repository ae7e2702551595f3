/** What is known of affogato and not done here. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "The full lists of models, styles, LoRAs, ControlNets and voices",
    why: "their pages could not be read; the lists hold what other pages and clients name, and any other name is taken.",
    source: "doc",
  },
  {
    what: "What the vendor makes of prompts and pictures",
    why: "of an uploaded file only its kind, size, length and frames are looked at; censored images come from scenarios.",
    source: "inferred",
  },
  {
    what: "The vendor's own (system) characters, and deleting a character",
    why: "clients read a field that tells them apart, and one tries a DELETE; no page was seen for either.",
    source: "client",
  },
  {
    what: "Keys sent as Authorization: Bearer, and the hosted MCP server",
    why: "only broken callers send such keys, and the server is another product with another sign-in.",
    source: "client",
  },
  {
    what: "Account, balance and cancel routes, webhooks",
    why: "no page and no client names one.",
    source: "doc",
  },
];
