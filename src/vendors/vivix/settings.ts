/** Defines vivix's settings: the part `vendors.vivix` of a sandbox's document. */
import { z } from "zod";
import { duration } from "../../engine/base/time-codecs.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

export const settings = z.strictObject({
  /** How long a generation stays readable after its creation; the vendor's own window is not documented [inferred]. */
  retention: duration.default(30 * 86_400_000),
});

export function settingsOf(sandbox: Sandbox): z.output<typeof settings> {
  return sandbox.settings.ofVendor("vivix", settings);
}
