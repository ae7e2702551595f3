/** Computes the parts of UTC calendar time that vendors use: a month's name, the start of the next, and the seconds left in a minute. */
import type { Instant } from "./clock.ts";

/** Returns the UTC month of an instant, as `2026-06`. */
export function utcMonthOf(instant: Instant): string {
  const date = new Date(instant);
  return `${date.getUTCFullYear()}-${String(date.getUTCMonth() + 1).padStart(2, "0")}`;
}

/** Returns the first instant of the UTC month after this one. */
export function nextUtcMonth(instant: Instant): Instant {
  const date = new Date(instant);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** Returns the whole seconds until the next full minute, from 1 to 60. */
export function secondsToNextMinute(now: Instant): number {
  const minuteMs = 60_000;
  return Math.ceil((minuteMs - (now % minuteMs)) / 1000);
}
