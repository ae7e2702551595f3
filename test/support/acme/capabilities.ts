/** Declares Acme's capabilities: the phases and results that its answers show, and its failures. */
import type { VendorCapabilities } from "../../../src/http/request/creating.ts";
import { errors } from "./errors.ts";

const FAILURES: Readonly<Record<string, string>> = { smudged: "The ink ran.", out_of_paint: "The paint ran out." };

export const capabilities: VendorCapabilities = {
  name: "acme",
  errors,
  capabilities: {
    phases: ["queued", "processing", "succeeded", "failed"],
    results: ["succeeded", "failed"],
    webhooks: "timestamped",
  },
  failure: (code = "smudged") => {
    const message = FAILURES[code];
    return message === undefined ? undefined : { code, message };
  },
  failureCodes: Object.keys(FAILURES),
};
