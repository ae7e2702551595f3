/** A reply that stays open and tells of things as they happen, as server-sent events. */
import type { FastifyReply, FastifyRequest } from "fastify";

/** A reader that leaves this much unread is cut off: what is kept for it must not grow without end. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

export interface EventStream {
  /** Sends one event; `data` is one line. Nothing happens once the stream is closed. */
  readonly send: (event: string, data: string) => void;
  /** Runs when it closes, for whatever reason; at once when it is closed already. */
  readonly onClose: (callback: () => void) => void;
}

/**
 * Takes the reply over. A comment is sent every `heartbeatMs` of real time, so that idle connections are kept. The
 * stream ends with the reader, with a reset or deletion of the sandbox, and with the server.
 */
export function openEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { heartbeat, heartbeatMs }: { readonly heartbeat: string; readonly heartbeatMs: number },
): EventStream {
  const { sandbox } = request;
  const { ending } = sandbox;
  const { raw } = reply;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", connection: "keep-alive" });
  raw.flushHeaders();
  const write = (text: string): void => {
    if (raw.writableEnded || raw.destroyed) return;
    raw.write(text);
    if (raw.writableLength > MOST_UNREAD_BYTES) raw.destroy();
  };
  let stopHeartbeat = (): void => undefined;
  const beat = (): void => {
    write(`: ${heartbeat}\n\n`);
    stopHeartbeat = sandbox.wall.after(heartbeatMs, beat);
  };
  stopHeartbeat = sandbox.wall.after(heartbeatMs, beat);
  const end = (): void => {
    raw.end();
  };
  ending.addEventListener("abort", end, { once: true });
  const onClose = (callback: () => void): void => {
    if (raw.closed) callback();
    else raw.once("close", callback);
  };
  onClose(() => {
    stopHeartbeat();
    ending.removeEventListener("abort", end);
  });
  return {
    send: (event, data) => {
      write(`event: ${event}\ndata: ${data}\n\n`);
    },
    onClose,
  };
}
