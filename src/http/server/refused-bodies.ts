/**
 * Keeps the body of a request that is refused before its body is read, as for its key or its rate. A verification could
 * not tell otherwise what was sent.
 */
import type { FastifyRequest } from "fastify";
import { keepSubject } from "../bodies/keep-bodies.ts";
import { decodeJson } from "../parsing/body-encoding.ts";
import { valueOrText } from "./json-bodies.ts";

/** Notes that a body was not read, and reads a short JSON body while it is drained. */
export function keepRefusedBody(request: FastifyRequest): void {
  const { entry, journal, headers, raw } = request;
  const announced = Number(headers["content-length"] ?? 0);
  if (request.bodyAsSent !== undefined || (announced === 0 && headers["transfer-encoding"] === undefined)) return;
  journal.leaveUnread(entry, Math.max(request.bodyBytes, announced));
  const isShortJson = announced > 0 && announced <= journal.limits.maxBodyBytes && isPlainJson(headers);
  if (!isShortJson || raw.readableFlowing !== null) return;
  const chunks: Buffer[] = [];
  raw.on("data", (chunk: Buffer) => chunks.push(chunk));
  raw.once("end", () => {
    request.bodyBytes = announced;
    request.unpackedBytes = announced;
    const value = readJson(request, Buffer.concat(chunks));
    if (value !== undefined) keepSubject(request, value);
  });
}

function isPlainJson(headers: FastifyRequest["headers"]): boolean {
  return headers["content-encoding"] === undefined && /^application\/json\b/i.test(headers["content-type"] ?? "");
}

function readJson(request: FastifyRequest, bytes: Buffer): unknown {
  try {
    return valueOrText(decodeJson(request, bytes));
  } catch {
    return undefined;
  }
}
