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
  /** Number of speakers of every transcript. A dialogue edit takes the transcript of one speaker only. */
  speakers: z.int().min(1).max(12).default(1),
  /**
   * Who may use dialogue edits with an API key: `previews` lets keys make previews and refuses the generations of
   * them, as the pages say; `all` refuses neither, `none` both; with `unreadable`, the rollout cannot be read (503).
   */
  dialogueEdits: z.enum(["previews", "all", "none", "unreadable"]).default("previews"),
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
