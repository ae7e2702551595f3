/** Writes what provokes an answer as one line, for a person who wants a client to meet it. */
import { isDeepStrictEqual } from "node:util";
import { findMarkers, type Marker } from "../../engine/rule/marker.ts";
import type { Outcome, Provocation } from "../../http/errors/outcome.ts";

/** The longest text of a body that is written in full. */
const LONGEST_TEXT = 80;

/** The longest body. */
const LONGEST_BODY = 240;

type Sent = Pick<Provocation, "account" | "user" | "key" | "method" | "path" | "body" | "rawBody" | "headers">;

/** What a line leaves out, because the reader knows it. */
export interface KnownToReader {
  /** The version of the API that the answer needs, such as `sync=2026-11`. */
  readonly vintage?: string | undefined;
  /** The body of the vendor's plain create. */
  readonly plainCreate?: unknown;
}

/** Returns the steps of a provocation, in order. */
export function provocationLine(provoke: Outcome["provoke"], { vintage, plainCreate }: KnownToReader = {}): string {
  const { settings, create, before = [], advance, meanwhile, link, times = 1 } = provoke;
  const steps = [
    ...(vintage === undefined ? [] : [`--vintages ${vintage}`]),
    ...(settings === undefined ? [] : [`settings ${written(settings)}`]),
    ...(create === undefined ? [] : [createStep(create, plainCreate)]),
    ...before.map((sent) => step(sent)),
    ...(advance === undefined || advance === "0s" ? [] : [`advance ${advance}`]),
    `${step(provoke)}${often(times)}`,
    ...(meanwhile === undefined ? [] : [`advance ${meanwhile} while it is held`]),
    ...(link === undefined ? [] : [`GET the URL in ${link}, without a key`]),
  ];
  return steps.join(", then ");
}

function createStep({ body, account, times = 1 }: NonNullable<Provocation["create"]>, plainCreate: unknown): string {
  const { scenario } = findMarkers(body);
  const isPlain = scenario !== undefined || isDeepStrictEqual(body, plainCreate);
  const what = isPlain ? "" : ` ${cut(written(body), LONGEST_BODY)}`;
  return `create${what}${withMarker(scenario)}${by(account ?? "main")}${often(times)}`;
}

function step({ method, path, account, user, key, body, rawBody, headers }: Sent): string {
  const { scenario } = findMarkers(body);
  const sent = scenario === undefined ? (rawBody ?? (body === undefined ? undefined : written(body))) : undefined;
  const extra = Object.entries(headers ?? {}).map(([name, value]) => ` (${name}: ${value})`);
  const whose =
    key === undefined
      ? account === undefined
        ? isUrl(path)
          ? ""
          : " without a key"
        : by(user === undefined ? account : `${account}'s user ${user}`)
      : ` with key ${key}`;
  return `${method} ${path}${sent === undefined ? "" : ` ${cut(sent, LONGEST_BODY)}`}${withMarker(scenario)}${whose}${extra.join("")}`;
}

/** A step whose whole URL comes from an earlier answer is signed, and needs no key. */
function isUrl(path: string): boolean {
  return path.startsWith("{");
}

function withMarker(marker: Marker | undefined): string {
  if (marker === undefined) return "";
  return ` with fauxgen:${marker.name}${marker.value === undefined ? "" : `=${marker.value}`}`;
}

function by(account: string): string {
  return account === "main" ? "" : ` by account ${account}`;
}

function often(times: number): string {
  return times === 1 ? "" : ` ${times} times`;
}

function written(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "string" && each.length > LONGEST_TEXT ? `${each.slice(0, 20)}… (${each.length} characters)` : each,
  );
}

function cut(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
