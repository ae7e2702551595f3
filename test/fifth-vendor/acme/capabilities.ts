import type { VendorCapabilities } from "../../../src/http/request/creating.ts";
import { errors } from "./errors.ts";

export const capabilities: VendorCapabilities = {
  name: "acme",
  errors,
  expressible: { phases: ["queued", "processing", "succeeded", "failed"], outcomes: ["succeeded", "failed"] },
  failure: (code) => (code === undefined || code === "ink" ? { code: "ink", message: "Out of ink." } : undefined),
  failureCodes: ["ink"],
};
