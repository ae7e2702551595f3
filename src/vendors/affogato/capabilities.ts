/** Declares which phases, results and failures affogato's responses can show. */
import type { VendorCapabilities } from "../../http/request/creating.ts";
import { errors } from "./errors.ts";

export const capabilities: VendorCapabilities = {
  name: "affogato",
  errors,
  capabilities: {
    phases: ["queued", "processing", "succeeded", "failed"],
    results: ["succeeded", "failed", "censored"],
  },
  // A failed output has a status and an empty url [doc]; no page gives it a code or a text.
  failure: (code) => (code === undefined ? { code: null, message: "The output could not be made." } : undefined),
  failureCodes: ["none, since affogato gives no reason for a failed output"],
};
