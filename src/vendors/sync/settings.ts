/** Defines sync's settings: the part `vendors.sync` of a sandbox's document. */
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

export const settings = z.strictObject({
  /** Keys of a batch's webhook: those of its documented schema, or those of the documented example. */
  batchNotifications: z.enum(["snake_case", "camelCase"]).default("snake_case"),
  /**
   * How webhooks write texts beyond ASCII (scripts, prompts). Escaped texts verify in Python's documented sample, raw
   * texts in JavaScript's; both verify over the raw body. No spelling satisfies both samples.
   */
  webhookText: z.enum(["escaped", "raw"]).default("escaped"),
});

export function settingsOf(sandbox: Sandbox): z.output<typeof settings> {
  return sandbox.settings.ofVendor("sync", settings);
}
