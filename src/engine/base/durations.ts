import { z } from "zod";

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const WRITTEN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** A duration as people write it: `"30s"`, `"2m"`, `"1500ms"`, `"1h"`, `"30d"`, or a number of milliseconds. */
export type Duration = string | number;

/** The milliseconds of a written duration, or undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = WRITTEN.exec(text.trim());
  if (match === null) return undefined;
  const [, amount, unit] = match;
  if (unit !== "ms" && unit !== "s" && unit !== "m" && unit !== "h" && unit !== "d") return undefined;
  return Math.round(Number(amount) * UNIT_MS[unit]);
}

/** Accepts a written duration or milliseconds; the parsed value is whole milliseconds. */
export const duration = z
  .union([z.number().nonnegative(), z.string()])
  .transform((value, context) => {
    const milliseconds = typeof value === "number" ? Math.round(value) : parseDuration(value);
    if (milliseconds !== undefined) return milliseconds;
    context.addIssue({
      code: "custom",
      message: `not a duration; write 1500ms, 30s, 2m, 1h or a number of milliseconds`,
    });
    return z.NEVER;
  })
  .meta({ description: 'A duration: "30s", "2m", "1500ms", or a number of milliseconds' });

/** Accepts an ISO 8601 text or milliseconds since the epoch; the parsed value is an instant in milliseconds. */
export const instant = z
  .union([z.number().int(), z.string()])
  .transform((value, context) => {
    const milliseconds = typeof value === "number" ? value : Date.parse(value);
    if (Number.isFinite(milliseconds)) return milliseconds;
    context.addIssue({
      code: "custom",
      message: "not an instant; write 2026-11-22T10:00:00Z or milliseconds since the epoch",
    });
    return z.NEVER;
  })
  .meta({ description: "An instant: ISO 8601, or milliseconds since the epoch" });
