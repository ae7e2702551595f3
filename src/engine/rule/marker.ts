/**
 * Finds the marker `fauxgen:<scenario>[=<code>]` in a body, so that a client that can set neither a header nor a rule
 * can choose a scenario, like a test card number. String values are searched in document order.
 *
 * In free text the marker stands at the start or after white space, and ends at white space or at the end. In a URL
 * only the last path segment is searched, percent-decoded, without the file extension. Host, port and data URIs are
 * never searched. `fauxgen:label=<name>` labels the generation instead.
 */
import { detached } from "../base/detached-text.ts";

const IN_TEXT = /(?:^|\s)fauxgen:([a-z][a-z-]*)(?:=([A-Za-z0-9_.-]+))?(?=\s|$)/g;
const IN_SEGMENT = /^fauxgen:([a-z][a-z-]*)(?:=([A-Za-z0-9_.-]+))?$/;
const IS_URL = /^[a-z][a-z0-9+.-]*:\/\//i;

export interface Marker {
  readonly name: string;
  readonly value?: string;
}

export interface Markers {
  readonly scenario?: Marker;
  readonly label?: string;
}

/** Returns the first scenario marker and the first label in a body. */
export function findMarkers(body: unknown): Markers {
  const found: { scenario?: Marker; label?: string } = {};
  lookIn(body, ({ name, value }) => {
    if (name !== "label") found.scenario ??= value === undefined ? { name } : { name, value };
    else if (value !== undefined) found.label ??= value;
  });
  return found;
}

/** Parses `fail` or `fail=CODE`, as a header or a setting writes it; returns undefined for any other form. */
export function parseScenarioText(text: string): Marker | undefined {
  return toMarker(IN_SEGMENT.exec(`fauxgen:${text.trim()}`));
}

function lookIn(value: unknown, note: (marker: Marker) => void): void {
  if (typeof value === "string") lookInText(value, note);
  else if (Array.isArray(value)) for (const item of value) lookIn(item, note);
  // Objects from JSON or a form have no inherited keys.
  else if (isRecord(value)) for (const key in value) lookIn(value[key], note);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function lookInText(text: string, note: (marker: Marker) => void): void {
  if (!text.includes("fauxgen") && !text.includes("%")) return;
  if (text.startsWith("data:")) return;
  if (IS_URL.test(text)) {
    const marker = toMarker(IN_SEGMENT.exec(lastSegmentOf(text)));
    if (marker !== undefined) note(marker);
    return;
  }
  for (const match of text.matchAll(IN_TEXT)) {
    const marker = toMarker(match);
    if (marker !== undefined) note(marker);
  }
}

function lastSegmentOf(url: string): string {
  const host = url.indexOf("://") + 3;
  const end = url.slice(host).search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, host + end);
  const slash = path.lastIndexOf("/");
  if (slash < host) return "";
  const segment = path.slice(slash + 1);
  try {
    const decoded = segment.includes("%") ? decodeURIComponent(segment) : segment;
    return decoded.startsWith("fauxgen:") ? decoded.replace(/\.[A-Za-z0-9]{1,5}$/, "") : "";
  } catch {
    return "";
  }
}

function toMarker(match: RegExpExecArray | null): Marker | undefined {
  const name = match?.[1];
  if (name === undefined) return undefined;
  const value = match?.[2];
  return value === undefined ? { name: detached(name) } : { name: detached(name), value: detached(value) };
}
