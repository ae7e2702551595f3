/** The phases and results that Acme can show, and its words for a failure. */
import type { VendorCapabilities } from "../../http/request/creating.ts";
import { errors } from "./errors.ts";

export const capabilities: VendorCapabilities = {
  name: "acme",
  errors,
  capabilities: { phases: ["queued", "processing", "succeeded", "failed"], results: ["succeeded", "failed"] },
  failure: (code = "smudged") => (code === "smudged" ? { code, message: "The ink ran." } : undefined),
  failureCodes: ["smudged"],
};
