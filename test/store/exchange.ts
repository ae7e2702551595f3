/** Records requests to a server with their answers, so that the same requests can be sent to another server. */
import { createHash } from "node:crypto";
import { at } from "../load/jobs.ts";

export interface RequestSpec {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string or bytes are sent unchanged, any other value as JSON. */
  readonly body?: unknown;
}

export interface Exchange {
  readonly request: RequestSpec;
  readonly status: number;
  /** Parsed JSON; for any other body, its size and digest. */
  readonly answer: unknown;
}

export type Send = (request: RequestSpec) => Promise<Exchange>;

/** Sends to the server at `origin`. */
function senderTo(origin: string): Send {
  return async (request) => {
    const { method, path, headers, body } = request;
    const isRaw = body === undefined || typeof body === "string" || body instanceof Uint8Array;
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { ...(!isRaw && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: isRaw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const received = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    const answer: unknown = isJson
      ? JSON.parse(received.toString())
      : { bytes: received.length, sha256: createHash("sha256").update(received).digest("hex") };
    return { request, status: response.status, answer };
  };
}

/** Sends a request, and throws for an answer that is not a success. */
export function strictSenderTo(origin: string): Send {
  const send = senderTo(origin);
  return async (request) => {
    const exchange = await send(request);
    if (exchange.status < 300) return exchange;
    throw new Error(`${request.method} ${request.path}: ${exchange.status} ${JSON.stringify(exchange.answer)}`);
  };
}

/** Sends a request, and removes the parts of the answer that depend on the place and time. */
export function neutralSenderTo(origin: string): Send {
  const send = senderTo(origin);
  const { host } = new URL(origin);
  return async (request) => {
    const { answer, ...rest } = await send(request);
    const text = JSON.stringify(answer).replaceAll(host, "fauxgen.test");
    return { ...rest, answer: JSON.parse(text, withoutPresent) as unknown };
  };
}

/** Removes the values that a running clock shows. */
function withoutPresent(_name: string, value: unknown): unknown {
  const isRunning = typeof value === "object" && value !== null && "mode" in value && value.mode === "running";
  return isRunning ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== "now")) : value;
}

/** Returns the text at a path in an answer. */
export function textAt(answer: unknown, ...path: readonly (string | number)[]): string {
  const found = at(answer, ...path);
  if (typeof found === "string") return found;
  throw new Error(`There is no text at ${path.join(".")} of ${JSON.stringify(answer)}.`);
}

/** Returns the items of a list of control. */
export function itemsOf(answer: unknown): readonly unknown[] {
  const items = at(answer, "items");
  if (Array.isArray(items)) return items;
  throw new Error(`There are no items in ${JSON.stringify(answer)}.`);
}

/** Returns the path and query of a URL. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
