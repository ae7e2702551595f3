/** A reply that stays open and tells of things as they happen, as server-sent events. */
import type { FastifyReply } from "fastify";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { problem } from "../errors/problems.ts";

/** A reader that leaves this much unread is cut off: what is kept for it must not grow without end. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

export interface EventStreamOptions {
  /** The comment that keeps an idle connection. */
  readonly heartbeat: string;
  /** How often it is sent, in real time. */
  readonly heartbeatMs: number;
  /** Hears of every write, by its bytes. */
  readonly onWrite?: (bytes: number) => void;
}

export interface EventStream {
  /** Sends one event; `data` is one line. Nothing happens once the stream is closed. */
  readonly send: (event: string, data: string) => void;
  /** Runs when it closes, for whatever reason; at once when it is closed already. */
  readonly onClose: (callback: () => void) => void;
}

/**
 * Takes the reply over; refuses the request when as many streams are open as may be. The stream ends with the reader,
 * with the sandbox and with the server; a reset does not end it.
 */
export function openEventStream(
  sandbox: Sandbox,
  reply: FastifyReply,
  { heartbeat, heartbeatMs, onWrite }: EventStreamOptions,
): EventStream {
  const { raw, request } = reply;
  const { followers } = reply.server.httpContext;
  if (followers.isFull) {
    const why = `${followers.count} event streams are open already.`;
    throw (
      request.vendorHttp?.errors.rateLimited(60, request).explained("FOLLOWERS_EXHAUSTED", why) ??
      problem("too-many-followers", why)
    );
  }
  followers.enter();
  const leave = sandbox.usage.stay();
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", connection: "keep-alive" });
  raw.flushHeaders();
  const write = (text: string): void => {
    if (raw.writableEnded || raw.destroyed) return;
    raw.write(text);
    onWrite?.(Buffer.byteLength(text));
    if (raw.writableLength > MOST_UNREAD_BYTES) raw.destroy();
  };
  let stopHeartbeat = (): void => undefined;
  const beat = (): void => {
    write(`: ${heartbeat}\n\n`);
    stopHeartbeat = sandbox.wall.after(heartbeatMs, beat);
  };
  stopHeartbeat = sandbox.wall.after(heartbeatMs, beat);
  let { ending } = sandbox;
  const stay = (): void => {
    // After a reset there is another signal by now; after a deletion or shutdown there is none.
    queueMicrotask(() => {
      ending = sandbox.ending;
      if (ending.aborted) raw.end();
      else ending.addEventListener("abort", stay, { once: true });
    });
  };
  ending.addEventListener("abort", stay, { once: true });
  const onClose = (callback: () => void): void => {
    if (raw.closed) callback();
    else raw.once("close", callback);
  };
  onClose(() => {
    followers.leave();
    leave();
    stopHeartbeat();
    ending.removeEventListener("abort", stay);
  });
  return {
    send: (event, data) => {
      write(`event: ${event}\ndata: ${data}\n\n`);
    },
    onClose,
  };
}
