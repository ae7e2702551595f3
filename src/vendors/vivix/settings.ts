/** What a sandbox may change about vivix, under `vendors.vivix` of its document. */
import { z } from "zod";
import { duration } from "../../engine/base/time-codecs.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

export const settings = z.strictObject({
  /** How long a generation can be read after it was created; the vendor has a window but does not state it [inferred]. */
  retention: duration.default(30 * 86_400_000),
});

export function settingsOf(sandbox: Sandbox): z.output<typeof settings> {
  return sandbox.settings.ofVendor("vivix", settings);
}
