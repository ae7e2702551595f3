/** Lists the known features of affogato that the emulator does not support. */
import type { NotSupported } from "../vendor.ts";

export const notSupported: readonly NotSupported[] = [
  {
    what: "The full lists of models, styles, LoRAs, ControlNets and voices",
    why: "their pages could not be read; the lists have the names that other pages and clients use, and the emulator accepts every other name.",
    source: "doc",
  },
  {
    what: "The interpretation of prompts and pictures",
    why: "the emulator reads only the kind, size, length and frames of an uploaded file; censored images come from scenarios.",
    source: "inferred",
  },
  {
    what: "The vendor's own (system) characters, and deleting a character",
    why: "clients read a field that marks system characters, and one client sends a DELETE; no page describes either.",
    source: "client",
  },
  {
    what: "Keys sent as Authorization: Bearer, and the hosted MCP server",
    why: "only broken callers send such keys, and the server is another product with another sign-in.",
    source: "client",
  },
  {
    what: "Account, balance and cancel routes, webhooks",
    why: "no page and no client names such a route or webhook.",
    source: "doc",
  },
];
