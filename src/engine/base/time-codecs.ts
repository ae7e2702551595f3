/** Parses every duration, instant, clock rate and stored clock: one codec each, with bounds. */
import { z } from "zod";
import { LAST_INSTANT, type ClockState, type Instant } from "./clock.ts";
import { LONGEST_DURATION_MS, parseDuration } from "./durations.ts";

/** Accepts a written duration or milliseconds, at most a hundred years; the parsed value is whole milliseconds. */
export const duration = z
  .union([z.number().nonnegative(), z.string()])
  .transform((value, context) => {
    const milliseconds = typeof value === "number" ? Math.round(value) : parseDuration(value);
    if (milliseconds !== undefined && milliseconds <= LONGEST_DURATION_MS) return milliseconds;
    const message =
      milliseconds === undefined
        ? "not a duration; write 1500ms, 30s, 2m, 1h or a number of milliseconds"
        : "longer than 100 years; a duration is at most 36525d";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  })
  .meta({ description: 'A duration: "30s", "2m", "1500ms", or a number of milliseconds; at most 100 years' });

const writtenInstant = z.iso.datetime({ offset: true });

/**
 * Numbers that look like seconds (2001 to 2286): read as milliseconds they would lie in early 1970, which no test uses.
 */
const LOOKS_LIKE_SECONDS = { from: 1e9, to: 1e10 } as const;

/**
 * Accepts RFC 3339 with a zone, or milliseconds since the epoch, from 1970 to 9999; the parsed value is an instant in
 * milliseconds.
 */
export const instant = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const read = typeof value === "number" ? readMilliseconds(value) : readInstant(value);
    if (typeof read === "number") return read;
    context.addIssue({ code: "custom", message: read.problem });
    return z.NEVER;
  })
  .meta({ description: "An instant: RFC 3339 with a zone, or milliseconds since the epoch; from 1970 to 9999" });

type Read = Instant | { readonly problem: string };

function readInstant(text: string): Read {
  if (/^-?\d+$/.test(text))
    return { problem: "a text of digits; write a number for milliseconds, or 2026-11-22T10:00:00Z" };
  const written = text.toUpperCase();
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(written))
    return { problem: `has no zone; write ${written}Z, or end it with an offset such as +02:00` };
  if (!/T\d\d:\d\d:\d\d/.test(written) || !writtenInstant.safeParse(written).success)
    return { problem: "not an instant; write 2026-11-22T10:00:00Z or milliseconds since the epoch" };
  return checked(Date.parse(written));
}

function readMilliseconds(value: number): Read {
  if (!Number.isInteger(value)) return { problem: "not a whole number of milliseconds" };
  if (value >= LOOKS_LIKE_SECONDS.from && value < LOOKS_LIKE_SECONDS.to)
    return { problem: `looks like seconds, and is read as milliseconds; write ${value * 1000}` };
  return checked(value);
}

function checked(value: number): Read {
  return value < 0 || value > LAST_INSTANT ? { problem: "not between the years 1970 and 9999" } : value;
}

/** Parses the rate of a sandbox clock, in sandbox milliseconds per real millisecond. */
export const clockRate = z.number().positive().max(1_000_000);

/** Parses the stored state of a sandbox clock. */
export const clockState: z.ZodType<ClockState> = z.strictObject({
  mode: z.enum(["running", "frozen"]),
  rate: clockRate,
  virtualAnchor: z.int().min(0).max(LAST_INSTANT),
  wallAnchor: z.int().min(0),
});
