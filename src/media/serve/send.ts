/** Sends a file over HTTP as object stores do: whole, in part, or not at all when the client already has it. */
import type { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import fresh from "fresh";
import type { Instant } from "../../engine/base/clock.ts";

/** Bytes of a file that is not in memory. */
export interface StoredBytes {
  readonly sizeBytes: number;
  /** Returns the bytes from `start` to `end`, both included. */
  readonly open: (start: number, end: number) => Readable;
}

export type MediaContent = Uint8Array | StoredBytes;

export interface MediaFacts {
  readonly contentType: string;
  /** A strong, quoted entity tag, such as `"5b91a581"`. */
  readonly etag: string;
  readonly lastModified: Instant;
}

/** Response headers of a file that a web page's script may read. */
export const exposedMediaHeaders = ["accept-ranges", "content-length", "content-range", "etag"] as const;

/**
 * Answers a GET or HEAD with a file: 200, 206 for one range, 304 and 412 for conditions, 416 for a range beyond the
 * end. A request for several ranges gets the whole file, as in S3. A content function is called only if bytes are
 * needed.
 */
export async function sendMedia(
  request: FastifyRequest,
  reply: FastifyReply,
  content: MediaContent | (() => MediaContent | Promise<MediaContent>),
  { contentType, etag, lastModified }: MediaFacts,
): Promise<FastifyReply> {
  const validators = { etag, "last-modified": new Date(lastModified).toUTCString() };
  reply.headers({ ...validators, "accept-ranges": "bytes", "x-content-type-options": "nosniff", vary: "Origin" });
  const { headers, method } = request;
  if (isPreconditionBroken(headers, validators)) return reply.code(412).send();
  if (fresh(headers, validators)) return reply.code(304).send();

  const bytes = typeof content === "function" ? await content() : content;
  const size = bytes instanceof Uint8Array ? bytes.byteLength : bytes.sizeBytes;
  const range = method === "GET" ? rangeOf(headers, validators, size) : undefined;
  if (range === "unsatisfiable") return reply.code(416).header("content-range", `bytes */${size}`).send();
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const length = end - start + 1;
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${start}-${end}/${size}`);
  reply.type(contentType).header("content-length", String(length));
  if (method === "HEAD" || length === 0) return reply.send();
  if (bytes instanceof Uint8Array) return reply.send(Buffer.from(bytes.buffer, bytes.byteOffset + start, length));
  return reply.send(bytes.open(start, end));
}

type RequestHeaders = FastifyRequest["headers"];
interface Validators {
  readonly etag: string;
  readonly "last-modified": string;
}

function isPreconditionBroken(headers: RequestHeaders, { etag, "last-modified": lastModified }: Validators): boolean {
  const match = headers["if-match"];
  if (match !== undefined) return match !== "*" && !match.split(",").some((each) => each.trim() === etag);
  const limit = Date.parse(headers["if-unmodified-since"] ?? "");
  return Date.parse(lastModified) > limit;
}

/** Returns the single range to send; undefined for the whole file. */
function rangeOf(
  headers: RequestHeaders,
  { etag, "last-modified": lastModified }: Validators,
  size: number,
): { start: number; end: number } | "unsatisfiable" | undefined {
  const { range } = headers;
  const condition = headers["if-range"];
  if (range === undefined) return undefined;
  // A part is useful only if the client's other part comes from the same file.
  if (condition !== undefined && condition !== etag && condition !== lastModified) return undefined;
  // RFC 9110, 14.1.2 and 14.2: invalid ranges are ignored, and so are several ranges.
  const [, first = "", last = ""] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(range) ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "" && size === 0) return undefined;
  if (first === "")
    return Number(last) === 0 ? "unsatisfiable" : { start: Math.max(0, size - Number(last)), end: size - 1 };
  if (last !== "" && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) return "unsatisfiable";
  return { start: Number(first), end: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}
