/** Defines how control shows instants. */
import { z } from "zod";
import type { Instant } from "../engine/base/clock.ts";

/** The schema of an instant of a sandbox's clock: ISO 8601 with milliseconds. */
export const shownInstant = z.iso.datetime().meta({ description: "ISO 8601, on the sandbox's clock" });

export function showInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}
