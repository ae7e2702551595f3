/** Words instants, durations, sizes and URLs for people. */
import type { Instant } from "./model.ts";

/** Returns the time of day of an instant, such as `12:00:01.500`. */
export function timeOf(at: Instant): string {
  return isShowable(at) ? new Date(at).toISOString().slice(11, 23) : "-";
}

export function dateOf(at: Instant): string {
  return isShowable(at) ? new Date(at).toISOString().slice(0, 10) : "-";
}

function isShowable(at: Instant): boolean {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15;
}

/** Returns a duration such as `21 ms`, `1.7 s`, `2 min 5 s`, `3 h 20 min`. */
export function durationOf(milliseconds: number): string {
  const whole = Math.round(Math.abs(milliseconds));
  const sign = milliseconds < 0 && whole > 0 ? "-" : "";
  if (whole < 1000) return `${sign}${whole} ms`;
  const seconds = whole / 1000;
  if (seconds < 10) return `${sign}${trimmed(seconds.toFixed(2))} s`;
  if (seconds < 60) return `${sign}${trimmed(seconds.toFixed(1))} s`;
  const total = Math.round(seconds);
  if (total < 3600) return `${sign}${pair(Math.floor(total / 60), "min", total % 60, "s")}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${sign}${pair(Math.floor(minutes / 60), "h", minutes % 60, "min")}`;
  const hours = Math.round(minutes / 60);
  return `${sign}${pair(Math.floor(hours / 24), "d", hours % 24, "h")}`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

const trimmed = (text: string): string => text.replace(/\.?0+$/, "");

export function bytesOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${trimmed((bytes / 1000).toFixed(1))} kB`;
  return `${trimmed((bytes / 1_000_000).toFixed(1))} MB`;
}

/** Returns an id that fits into a narrow column; the whole id is shown beside it as a title. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`;
}

/**
 * Returns a text with the characters written as escapes that are not seen but change how others are read: those that turn
 * the direction of writing, and those without width.
 */
export function visible(text: string): string {
  return text.replace(
    /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Returns a count with its noun: `1 request`, `3 requests`. */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
