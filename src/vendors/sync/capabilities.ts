/** Declares which phases, results and failures sync's responses can show. */
import type { VendorCapabilities } from "../../http/request/creating.ts";
import { errorEntries, errorEntryOf } from "./error-catalogue.ts";
import { errors } from "./errors.ts";

export const capabilities: VendorCapabilities = {
  name: "sync",
  errors,
  capabilities: {
    phases: ["queued", "processing", "succeeded", "failed", "rejected"],
    results: ["succeeded", "failed"],
    webhooks: "timestamped",
  },
  failure: (code, phase, fixtures) => {
    // REJECTED is for moderation and plan checks [client]; its code is not documented [inferred].
    const usual = phase === "rejected" ? "generation_input_validation_failed" : "generation_pipeline_failed";
    const entry = errorEntryOf(code ?? usual, fixtures);
    const isKnown = entry !== undefined && (entry.failsJobs === true || phase === "rejected");
    return isKnown ? { code: entry.code, message: entry.message } : undefined;
  },
  failureCodes: errorEntries.filter(({ failsJobs }) => failsJobs === true).map(({ code }) => code),
};
