import type { Instant } from "./clock.ts";

/** The month that was asked for last: every request of a vendor that counts by month asks for the same one. */
let last = { from: 0, to: 0, name: "" };

/** The month in UTC that an instant falls in, as `2026-06`. */
export function utcMonthOf(instant: Instant): string {
  if (instant < last.from || instant >= last.to) {
    const date = new Date(instant);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    last = { from: Date.UTC(year, month), to: Date.UTC(year, month + 1), name: date.toISOString().slice(0, 7) };
  }
  return last.name;
}
