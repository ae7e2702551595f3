/** Defines Acme's settings, which a sandbox's document changes under `vendors.acme`. */
import { z } from "zod";
import { duration } from "../../../src/engine/base/time-codecs.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";

export const settings = z.strictObject({
  /** The longest time that a request is held. */
  patience: duration.default(60_000),
});

export const settingsOf = (sandbox: Sandbox): z.output<typeof settings> => sandbox.settings.ofVendor("acme", settings);
