/** Defines how control shows instants. */
import { z } from "zod";
import { LAST_INSTANT, type Instant } from "../engine/base/clock.ts";

/** The schema of an instant of a sandbox's clock: ISO 8601 with milliseconds. */
export const shownInstant = z.iso.datetime().meta({ description: "ISO 8601, on the sandbox's clock" });

/** Returns an instant as text. Work planned for after the last instant never runs; it is shown at that instant. */
export function showInstant(instant: Instant): string {
  return new Date(Math.min(instant, LAST_INSTANT)).toISOString();
}
