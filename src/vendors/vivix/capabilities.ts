/** Declares which phases, results and failures vivix's responses can show. */
import { distance } from "fastest-levenshtein";
import type { Failure } from "../../engine/model/generation.ts";
import type { VendorCapabilities } from "../../http/request/creating.ts";
import { errors } from "./errors.ts";

/** `PROVIDER_ERROR` and its text are the seed's; no page that could be read has another failure code of a job. */
const PROVIDER_ERROR_CODE = "PROVIDER_ERROR";
const PROVIDER_ERROR: Failure = { code: PROVIDER_ERROR_CODE, message: "Underlying model returned an error." };

export const capabilities: VendorCapabilities = {
  name: "vivix",
  errors,
  capabilities: {
    phases: ["queued", "processing", "succeeded", "failed"],
    results: ["succeeded", "failed"],
    webhooks: "signed",
  },
  failure: (code) => {
    if (code === undefined || code === PROVIDER_ERROR.code) return PROVIDER_ERROR;
    // The documentation shows one code as an example and lists no others. Any code of its form is accepted, except
    // probable typos of `PROVIDER_ERROR`.
    const isSlip = distance(code, PROVIDER_ERROR_CODE) <= 2;
    return /^[A-Z][A-Z0-9_]*$/.test(code) && !isSlip ? { code, message: PROVIDER_ERROR.message } : undefined;
  },
  failureCodes: ["PROVIDER_ERROR", "any other code in capitals"],
};
