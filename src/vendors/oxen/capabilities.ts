/**
 * Declares which phases, results and failures oxen's responses can show. A failure has a message and no code [doc].
 */
import type { VendorCapabilities } from "../../http/request/creating.ts";
import { errors } from "./errors.ts";
import { MODEL_MESSAGES } from "./model-messages.ts";

/** Messages of the failures `fail=<code>`; the codes are ours, because the vendor has none. */
const MESSAGES: Readonly<Record<string, string>> = {
  // The text is ours: no source has the text of a failure without a known cause [inferred].
  generation_failed: "The model could not complete this generation.",
  // [doc: async_queue]
  insufficient_credits: "Insufficient credits",
  // [client]: a client recorded the beginnings; the endings are ours
  data_inspection_failed: "Task failed: DataInspectionFailed - Output data may contain inappropriate content.",
  prompt_inspection_failed:
    "DataInspectionFailed - Green net check failed for text (input): the prompt may contain inappropriate content.",
  // [doc: image_editing]: the text names the URL that could not be fetched
  input_forbidden: "403 Client Error: Forbidden for url: https://example.com/input.png",
  ...MODEL_MESSAGES,
};

const DEFAULT_CODE = "generation_failed";

export const capabilities: VendorCapabilities = {
  name: "oxen",
  errors,
  capabilities: {
    phases: ["queued", "processing", "succeeded", "failed", "cancelled"],
    results: ["succeeded", "failed"],
  },
  failure: (code = DEFAULT_CODE) => {
    const message = Object.hasOwn(MESSAGES, code) ? MESSAGES[code] : undefined;
    return message === undefined ? undefined : { code, message };
  },
  failureCodes: Object.keys(MESSAGES),
};
