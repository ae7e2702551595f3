/**
 * Sends one HTTP request of the control client. It uses Node's own `http`, because the global `fetch` waits for ever
 * while a test fakes `setImmediate` or `queueMicrotask`, and because tests replace `fetch`.
 */
import type { IncomingMessage, RequestOptions } from "node:http";
import { Readable } from "node:stream";
import { request as requestByHttp } from "../platform/node-http.ts";

interface ControlRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface ControlAnswer {
  readonly status: number;
  readonly isSuccess: boolean;
  readonly contentType: string;
  /** Reads the whole body. */
  readonly text: () => Promise<string>;
  /** Returns the body as it arrives; the end of the iteration closes the connection. */
  readonly body: () => ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Sends a request and returns the answer once its headers have arrived. */
export type Exchange = (url: URL, request: ControlRequest) => Promise<ControlAnswer>;

export const exchange: Exchange = async (url, request) => {
  const message = await send(url, request);
  const status = message.statusCode ?? 0;
  return {
    status,
    isSuccess: status >= 200 && status < 300,
    contentType: message.headers["content-type"] ?? "",
    text: async () => textOf(message),
    body: () => Readable.toWeb(message) as ReadableStream<Uint8Array<ArrayBuffer>>,
  };
};

function send(url: URL, { method, headers, text, signal }: ControlRequest): Promise<IncomingMessage> {
  const isSecure = url.protocol === "https:";
  const { request: requestByTls } = process.getBuiltinModule("node:https");
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...(text !== undefined && { "content-length": String(Buffer.byteLength(text)) }) },
    // A kept connection may be closed by the server just as it is used again.
    agent: false,
    ...(signal !== undefined && { signal }),
  };
  return new Promise((resolve, reject) => {
    (isSecure ? requestByTls : requestByHttp)(url, options, resolve).once("error", reject).end(text);
  });
}

function textOf(message: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    message.setEncoding("utf8").on("data", (part: string) => (text += part));
    message.once("end", () => {
      resolve(text);
    });
    message.once("error", reject);
  });
}
