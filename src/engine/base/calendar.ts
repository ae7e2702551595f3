import type { Instant } from "./clock.ts";

/** The month in UTC that an instant falls in, as `2026-06`. */
export function utcMonthOf(instant: Instant): string {
  const date = new Date(instant);
  return `${date.getUTCFullYear()}-${String(date.getUTCMonth() + 1).padStart(2, "0")}`;
}

/** Whole seconds until the next full minute, from 1 to 60. */
export function secondsToNextMinute(now: Instant): number {
  const minuteMs = 60_000;
  return Math.ceil((minuteMs - (now % minuteMs)) / 1000);
}
