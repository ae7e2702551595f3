/** Requests to a server with their answers, written so that another server can be sent the same ones. */
import { createHash } from "node:crypto";
import { at } from "../load/jobs.ts";

export interface RequestSpec {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
}

export interface Exchange {
  readonly request: RequestSpec;
  readonly status: number;
  /** Parsed JSON, or size and digest of any other body. */
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

/** The same, but throws at an answer that is not a success. */
export function strictSenderTo(origin: string): Send {
  const send = senderTo(origin);
  return async (request) => {
    const exchange = await send(request);
    if (exchange.status < 300) return exchange;
    throw new Error(`${request.method} ${request.path}: ${exchange.status} ${JSON.stringify(exchange.answer)}`);
  };
}

/** The same, with answers that do not depend on where and when the server was asked. */
export function neutralSenderTo(origin: string): Send {
  const send = senderTo(origin);
  const { host } = new URL(origin);
  return async (request) => {
    const { answer, ...rest } = await send(request);
    const text = JSON.stringify(answer).replaceAll(host, "fauxgen.test");
    return { ...rest, answer: JSON.parse(text, withoutPresent) as unknown };
  };
}

/** Leaves out what a running clock shows. */
function withoutPresent(_name: string, value: unknown): unknown {
  const isRunning = typeof value === "object" && value !== null && "mode" in value && value.mode === "running";
  return isRunning ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== "now")) : value;
}

/** The text at a path in an answer. */
export function textAt(answer: unknown, ...path: readonly (string | number)[]): string {
  const found = at(answer, ...path);
  if (typeof found === "string") return found;
  throw new Error(`There is no text at ${path.join(".")} of ${JSON.stringify(answer)}.`);
}

/** The items of control's list. */
export function itemsOf(answer: unknown): readonly unknown[] {
  const items = at(answer, "items");
  if (Array.isArray(items)) return items;
  throw new Error(`There are no items in ${JSON.stringify(answer)}.`);
}

/** Path and query of a URL. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
