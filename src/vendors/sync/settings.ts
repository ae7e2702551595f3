/** Defines sync's settings: the part `vendors.sync` of a sandbox's document. */
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

export const settings = z.strictObject({
  /**
   * Answer of `POST /v2/analyze/cost`: a list with one estimate, as the SDKs read it, or the estimate itself, as newer
   * clients do.
   */
  costEstimates: z.enum(["array", "object"]).default("array"),
  /** Keys of a batch's webhook: those of its documented schema, or those of the documented example. */
  batchNotifications: z.enum(["snake_case", "camelCase"]).default("snake_case"),
  /**
   * Headers that sign webhooks: the guide's `Sync-Signature`, the payload reference's `X-Signature-Primary`, or both.
   */
  webhookSignature: z.enum(["Sync-Signature", "X-Signature-Primary", "both"]).default("Sync-Signature"),
  /**
   * How webhooks write texts beyond ASCII (scripts, prompts). Raw texts verify over the raw body and in JavaScript's
   * documented sample; escaped texts verify over the raw body and in Python's. No spelling satisfies both samples.
   */
  webhookText: z.enum(["escaped", "raw"]).default("raw"),
});

export function settingsOf(sandbox: Sandbox): z.output<typeof settings> {
  return sandbox.settings.ofVendor("sync", settings);
}
