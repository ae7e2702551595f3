/** Sends damaged replies: writes them to the socket directly, because an HTTP library would refuse to. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FaultEffect } from "../../engine/rule/faults.ts";
import { closeEntry } from "./close-entry.ts";
import { keepSent } from "../bodies/keep-bodies.ts";
import { noteAnswer } from "../bodies/note-answer.ts";

type Damage = Extract<
  FaultEffect,
  { name: "MALFORMED_RESPONSE_CHUNK" | "TRUNCATED_BODY" | "WRONG_CONTENT_LENGTH" | "SLOW_BODY" }
>;

/** The bytes sent after the head instead of a chunk; they are not a valid chunk size. */
const GARBAGE = "lskdu018973t09sylgasjkfg1][]'./.sdlv\r\n";

/** The number of pieces in which a slow body is sent. */
const SLOW_PIECES = 20;

/** Sends a damaged reply and keeps the bytes sent in the journal. Fastify does nothing more to the reply. */
export async function sendDamaged(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  damage: Damage,
): Promise<void> {
  const { raw } = reply;
  const body = await bytesOf(payload);
  if (raw.destroyed) return;
  const { statusCode } = reply;
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).filter(([name, value]) => value !== undefined && name !== "content-length"),
  );
  const writeHead = (length: number | undefined): void => {
    raw.writeHead(statusCode, {
      ...headers,
      ...(length === undefined ? { "transfer-encoding": "chunked" } : { "content-length": String(length) }),
    });
    raw.flushHeaders();
  };
  const breakOff = (): void => {
    closeEntry(request, "dropped", statusCode);
    raw.socket?.destroy();
  };
  const writeAndBreakOff = (part: Buffer): void => {
    keepSent(request, reply, part);
    // An empty write does not call back once the head is sent; a write to the socket does.
    if (part.length > 0) raw.write(part, breakOff);
    else raw.socket?.write("", breakOff);
  };
  switch (damage.name) {
    case "MALFORMED_RESPONSE_CHUNK":
      writeHead(undefined);
      keepSent(request, reply, GARBAGE);
      raw.socket?.write(GARBAGE, breakOff);
      return;
    case "TRUNCATED_BODY":
      writeHead(body.length);
      writeAndBreakOff(body.subarray(0, damage.bytes ?? Math.floor(body.length / 2)));
      return;
    case "WRONG_CONTENT_LENGTH":
      writeHead(Math.max(0, body.length + damage.by));
      writeAndBreakOff(body);
      return;
    case "SLOW_BODY":
      noteAnswer(request, reply, payload);
      writeHead(body.length);
      dribble(request, reply, body, damage.duringMs);
  }
}

/** Writes pieces of equal size at equal intervals, in real time, because the client's socket has real time-outs. */
function dribble(request: FastifyRequest, reply: FastifyReply, body: Buffer, duringMs: number): void {
  const { raw } = reply;
  const { wall } = request.sandbox;
  const pieces = Math.max(1, Math.min(SLOW_PIECES, body.length));
  let sent = 0;
  const sendNext = (): void => {
    if (raw.destroyed) return;
    const end = Math.floor((body.length * (sent + 1)) / pieces);
    const piece = body.subarray(Math.floor((body.length * sent) / pieces), end);
    keepSent(request, reply, body.subarray(0, end));
    sent += 1;
    if (sent === pieces) raw.end(piece);
    else {
      raw.write(piece);
      wall.after(duringMs / pieces, sendNext);
    }
  };
  wall.after(duringMs / pieces, sendNext);
}

async function bytesOf(payload: unknown): Promise<Buffer> {
  if (payload === undefined || payload === null) return Buffer.alloc(0);
  if (typeof payload === "string") return Buffer.from(payload);
  if (payload instanceof Uint8Array) return Buffer.from(payload);
  const parts: Buffer[] = [];
  // Any other payload of a handler is a stream.
  for await (const part of payload as AsyncIterable<Uint8Array | string>) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
