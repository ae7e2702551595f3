/** Sends requests to a server under test over a socket, and compares its journal with the received responses. */
import { request as httpRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import type { FastifyInstance } from "fastify";
import type { InjectOptions } from "light-my-request";
import { expect } from "vitest";
import type { JournalEntry } from "../../src/http/journal/journal.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { buildTestApp } from "./app.ts";
import { listenOn } from "./socket.ts";

/** A header that names an exchange, so that its entry can be found in any sandbox's journal. */
const EXCHANGE_HEADER = "x-test-exchange";

/** The journal does not keep a body of more bytes than this. */
const KEPT_BYTES = 64 * 1024;

export interface WireApp {
  /** The server, whose `inject` sends over a socket. */
  readonly app: FastifyInstance;
  readonly origin: string;
  /** Returns the number of requests sent so far. */
  readonly count: () => number;
}

/**
 * Starts a listening server that compares every exchange with its journal. `inject` sends over a socket, and returns
 * only after the journal entry was found to equal the received response.
 */
export async function listenComparing(list?: readonly Vendor[]): Promise<WireApp> {
  const app = await buildTestApp({}, list);
  const origin = await listenOn(app);
  let sent = 0;
  const inject = async (options: InjectOptions) => {
    sent += 1;
    const name = String(sent);
    const answer = await exchange(origin, { ...options, headers: { ...options.headers, [EXCHANGE_HEADER]: name } });
    const entry = await closedEntry(app, ({ requestHeaders }) => requestHeaders[EXCHANGE_HEADER] === name);
    expectJournaled(entry, answer);
    return { ...answer, body: answer.rawPayload.toString(), json: () => JSON.parse(answer.rawPayload.toString()) };
  };
  return { app: Object.create(app, { inject: { value: inject } }), origin, count: () => sent };
}

/** Expects an entry to have the status, the number of bytes and the kept body that the client received. */
export function expectJournaled(
  entry: JournalEntry,
  received: { readonly statusCode: number; readonly rawPayload: Buffer; readonly headers?: object },
): void {
  const { statusCode, rawPayload, headers = {} } = received;
  const isMedia = /^(?:image|video|audio)\//.test(String(new Map(Object.entries(headers)).get("content-type")));
  const isKept = rawPayload.length > 0 && rawPayload.length <= KEPT_BYTES && !isMedia;
  const { method, url, status, responseBytes, responseBody } = entry;
  expect({ method, url, status, responseBytes, responseBody }).toEqual({
    method,
    url,
    status: statusCode,
    responseBytes: rawPayload.length,
    responseBody: isKept ? rawPayload.toString() : undefined,
  });
}

/** Waits until an exchange is over, and returns its entry from any sandbox's journal. */
export async function closedEntry(
  app: FastifyInstance,
  isMeant: (entry: JournalEntry) => boolean,
): Promise<JournalEntry> {
  const { sandboxes, journals } = app.httpContext;
  for (;;) {
    const found = sandboxes.all().flatMap((sandbox) => journals.of(sandbox).entries().filter(isMeant));
    const [entry] = found;
    if (entry !== undefined && entry.state !== "arrived" && entry.state !== "held") return entry;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function exchange(origin: string, { method = "GET", url, headers, payload }: InjectOptions) {
  const isText = typeof payload === "string" || payload instanceof Uint8Array;
  const body = payload === undefined || isText ? payload : JSON.stringify(payload);
  return new Promise<{ statusCode: number; headers: object; rawPayload: Buffer }>((resolve, reject) => {
    const request = httpRequest(
      new URL(String(url), origin),
      {
        method,
        headers: {
          host: "localhost",
          ...(payload !== undefined && !isText && { "content-type": "application/json" }),
          ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (response) => {
        buffer(response).then((rawPayload) => {
          resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, rawPayload });
        }, reject);
      },
    );
    request.on("error", reject).end(body);
  });
}
