import type { Instant } from "./clock.ts";

/** The month in UTC that an instant falls in, as `2026-06`. */
export function utcMonthOf(instant: Instant): string {
  const date = new Date(instant);
  return `${date.getUTCFullYear()}-${String(date.getUTCMonth() + 1).padStart(2, "0")}`;
}
