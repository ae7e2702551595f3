/** What a sandbox may change about sync, under `vendors.sync` of its document. */
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

export const settings = z.strictObject({
  /** Keys of a batch's webhook: those of its documented schema, or those of the example beside it. */
  batchNotifications: z.enum(["snake_case", "camelCase"]).default("snake_case"),
  /**
   * Texts beyond ASCII in webhooks (scripts, prompts): escaped they verify in Python's documented sample, raw in
   * JavaScript's, and either way over the raw body. No spelling satisfies both samples.
   */
  webhookText: z.enum(["escaped", "raw"]).default("escaped"),
});

export function settingsOf(sandbox: Sandbox): z.output<typeof settings> {
  return sandbox.settings.ofVendor("sync", settings);
}
