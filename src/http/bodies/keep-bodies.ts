/** Keeps request and response bodies in the journal as they were sent: always the size, and bodies within the limit. */
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { findMarkers } from "../../engine/rule/marker.ts";
import { isOpen } from "../journal/journal.ts";
import { noteAnswer } from "./note-answer.ts";
import { fieldsOf, filesOf } from "../uploads/sent-form.ts";

/** Keeps a parsed body as the client sent it, before the handler runs, so that held requests show their body. */
export function keepRequestBody(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  keepSubject(request, request.body);
  done();
}

/** Keeps a body, with the files of its form, as what rules and verifications compare. */
export function keepSubject(request: FastifyRequest, body: unknown): void {
  const { sentForm } = request;
  const subject = sentForm === undefined ? body : { ...filesOf(sentForm), ...(body ?? fieldsOf(sentForm)) };
  if (subject === undefined || subject === null) return;
  request.bodyAsSent = subject;
  request.entry.label = findMarkers(subject).label;
  request.journal.keepRequest(request.entry, request.bodyBytes, subject, request.unpackedBytes);
}

/** Keeps the body of a reply that is sent unchanged, and notes which answer it is. */
export function keepReply(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  keepSent(request, reply, payload);
  noteAnswer(request, reply, payload);
  done(null, payload);
}

/** The event of a streamed text that has no announced size: its number of bytes, before its end. */
export const STREAMED = "streamed";

/** Keeps the sent part of a reply's body, in place of an earlier one. Of a stream, only the size is kept. */
export function keepSent(request: FastifyRequest, reply: FastifyReply, body: unknown): void {
  const { entry, journal } = request;
  // A body that is sent after the client disconnected does not reach it.
  if (!isOpen(entry)) return;
  if (body instanceof Readable)
    body.once(STREAMED, (bytes: number) => {
      if (isOpen(entry)) journal.keepReply(entry, bytes, undefined);
    });
  const bytes = hasBody(request, reply) ? sizeOf(body, reply) : 0;
  journal.keepReply(entry, bytes, bytes === 0 ? undefined : textOf(body, reply, journal.limits.maxBodyBytes));
}

/** Returns whether HTTP allows the reply a body; if not, Node drops the handler's body. */
function hasBody({ method }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  return method !== "HEAD" && statusCode !== 204 && statusCode !== 304;
}

function sizeOf(body: unknown, reply: FastifyReply): number {
  if (typeof body === "string") return Buffer.byteLength(body);
  if (body === undefined || body === null) return 0;
  if (body instanceof Uint8Array) return body.byteLength;
  return Number(reply.getHeader("content-length") ?? 0);
}

const MEDIA = /^(?:image|video|audio)\//;

/** Returns the text of a body; undefined for media and for bytes over the limit. */
function textOf(body: unknown, reply: FastifyReply, mostBytes: number): string | undefined {
  if (typeof body === "string") return body;
  if (!(body instanceof Uint8Array) || body.byteLength > mostBytes) return undefined;
  if (MEDIA.test(String(reply.getHeader("content-type")))) return undefined;
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

declare module "fastify" {
  interface FastifyRequest {
    /** Bytes of the body that have been read, without framing. */
    bodyBytes: number;
    /** The parsed body before validation, whatever its form; rules compare it, and the journal keeps it. */
    bodyAsSent: unknown;
  }
}
