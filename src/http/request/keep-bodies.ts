/** Keeps in the journal what the client sent and what really left for it: sizes always, bodies within the bound. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { isOpen } from "../journal/journal.ts";

/** Keeps a parsed body as the client sent it. The request may be held for long, and can be looked at by then. */
export function keepRequestBody(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { body } = request;
  if (body !== undefined && body !== null) request.journal.keepRequest(request.entry, request.bodyBytes, body);
  done();
}

/** Keeps the body of a reply that leaves as it is. */
export function keepReply(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  keepSent(request, reply, payload);
  done(null, payload);
}

/** Keeps a reply's body as far as it is sent, in place of what was kept before. A stream is only told by its size. */
export function keepSent(request: FastifyRequest, reply: FastifyReply, body: unknown): void {
  const { entry, journal } = request;
  // What is sent to a client that has gone goes nowhere.
  if (!isOpen(entry)) return;
  const bytes = hasBody(request, reply) ? sizeOf(body, reply) : 0;
  journal.keepReply(entry, bytes, bytes === 0 ? undefined : textOf(body, reply, journal.limits.maxBodyBytes));
}

/** Whether HTTP lets the reply have a body; where it does not, Node drops what a handler sends. */
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

/** The text of a body; undefined for media, and for bytes that are too many to be worth reading as text. */
function textOf(body: unknown, reply: FastifyReply, mostBytes: number): string | undefined {
  if (typeof body === "string") return body;
  if (!(body instanceof Uint8Array) || body.byteLength > mostBytes) return undefined;
  if (MEDIA.test(String(reply.getHeader("content-type")))) return undefined;
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

declare module "fastify" {
  interface FastifyRequest {
    /** Bytes of the body that have been read, however they were framed. */
    bodyBytes: number;
  }
}
