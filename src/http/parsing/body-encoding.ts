/** Unpacks request bodies with a content encoding, and decodes JSON as UTF-8. */
import { isUtf8 } from "node:buffer";
import type { Readable, Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { FastifyInstance, FastifyRequest, RequestPayload } from "fastify";

/** The error for a body that is sent in a form that the server does not read; a vendor refuses its content type. */
export class BodyNotRead extends Error {
  readonly statusCode = 415;
}

/** The error for a body that is not in the encoding that its header names; a vendor answers it like malformed JSON. */
class BodyNotEncoded extends Error {
  readonly statusCode = 400;
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** The format that a name stands for, where clients often send another. */
const FORMATS: Readonly<Record<string, string>> = { deflate: "deflate in the zlib format, which RFC 9110 means by it" };

/** Several encodings are unpacked one after the other; more than this is not a client's. */
const MOST_ENCODINGS = 3;

/** Unpacks bodies before they are parsed. The parser's limit counts the unpacked bytes. */
export function unpackBodies(app: FastifyInstance): void {
  app.addHook("preParsing", (request, _reply, payload, done) => {
    const header = request.headers["content-encoding"];
    // An upload is stored as it is sent, as object stores do.
    if (header === undefined || !hasBody(request) || request.routeOptions.config.operation === "uploadBytes") {
      done(null, payload);
      return;
    }
    const names = encodingsIn(header);
    const unknown = names.find((name) => !Object.hasOwn(DECODERS, name));
    if (unknown !== undefined || names.length > MOST_ENCODINGS)
      done(
        new BodyNotRead(
          `content-encoding is "${header}"; a body may be sent as gzip, deflate, br or zstd, or without an encoding.`,
        ),
      );
    else done(null, unpack(request, payload, names.toReversed()));
  });
}

function unpack(request: FastifyRequest, payload: RequestPayload, names: readonly string[]): RequestPayload {
  let received = 0;
  payload.on("data", ({ length }: Buffer) => {
    received += length;
    request.bodyBytes = received;
  });
  let stream: Readable = payload;
  for (const name of names) {
    const decoder = DECODERS[name]?.();
    if (decoder === undefined) continue;
    const source = stream;
    source.on("error", (error) => decoder.destroy(error));
    source.once("close", () => {
      if (!source.readableEnded) decoder.destroy(new Error("The client disconnected."));
    });
    // Before the parser's own listener, so that the parser gets this error.
    decoder.prependListener("error", (error: NodeJS.ErrnoException) => {
      const flaw =
        error.code === "Z_BUF_ERROR" ? `the ${name} body is cut off` : `the body is not ${FORMATS[name] ?? name}`;
      request.encodingError ??= new BodyNotEncoded(
        `content-encoding is "${request.headers["content-encoding"] ?? ""}", but ${flaw}: ${error.message}.`,
      );
    });
    stream = source.pipe(decoder);
  }
  return Object.defineProperty(stream, "receivedEncodedLength", { get: () => received });
}

/** Returns the text of a JSON body. JSON is UTF-8 whatever its charset says (RFC 8259). Throws {@link BodyNotRead}. */
export function decodeJson(request: FastifyRequest, body: Buffer): string {
  if (isUtf8(body) && !looksWide(body)) {
    const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
    return body.toString("utf8", start);
  }
  const packed = packedAs(body);
  if (packed !== undefined)
    throw new BodyNotRead(
      `The body begins like ${packed}, and no content-encoding header was sent; send content-encoding: ${packed}.`,
    );
  const sent = looksWide(body) ? "UTF-16 or UTF-32" : "not UTF-8";
  throw new BodyNotRead(
    `content-type is "${request.headers["content-type"] ?? ""}", and the bytes of the body are ${sent}; JSON must be sent as UTF-8.`,
  );
}

/** Returns the encoding that the first bytes show; brotli and deflate have no such bytes. */
function packedAs([first, second, third]: Buffer): "gzip" | "zstd" | undefined {
  if (first === 0x1f && second === 0x8b) return "gzip";
  return first === 0x28 && second === 0xb5 && third === 0x2f ? "zstd" : undefined;
}

/** Returns whether the first bytes are those of UTF-16 or UTF-32: a byte order mark, or ASCII with zeros. */
function looksWide([first, second]: Buffer): boolean {
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMarked || (second !== undefined && (first === 0 || second === 0));
}

function encodingsIn(header: string): string[] {
  return header
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Why the body could not be unpacked. */
    encodingError: BodyNotEncoded | undefined;
  }
}
