/** Keeps a reply open and sends events on it as they happen, as server-sent events. */
import { queueMicrotask } from "../../platform/real-timers.ts";
import type { FastifyReply } from "fastify";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { problem } from "../errors/problems.ts";

/** A reader with more unread bytes than this is disconnected, so that the buffer for it stays bounded. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

export interface EventStreamOptions {
  /** The comment that keeps an idle connection open. */
  readonly heartbeat: string;
  /** The real time between two heartbeats, in milliseconds. */
  readonly heartbeatMs: number;
  /** Called after every write with its bytes. */
  readonly onWrite?: (bytes: number) => void;
}

export interface EventStream {
  /** Sends one event; `data` is one line. Nothing happens once the stream is closed. */
  readonly send: (event: string, data: string, id?: string) => void;
  /** Writes encoded events. Nothing happens once the stream is closed. */
  readonly write: (events: string | Uint8Array) => void;
  /** Runs the callback before the stream ends because its sandbox or the server ends. */
  readonly onEnding: (callback: () => void) => void;
  /** Runs the callback when the stream closes for any reason, or at once if it is already closed. */
  readonly onClose: (callback: () => void) => void;
}

/** What a HEAD gets: its headers are sent, and nothing follows. */
const NO_STREAM: EventStream = {
  send: () => undefined,
  write: () => undefined,
  onEnding: () => undefined,
  onClose: (callback) => {
    callback();
  },
};

/**
 * Opens an event stream on a reply, or refuses the request if the limit of open streams is reached. The stream ends
 * with the reader, the sandbox or the server; a reset does not end it.
 */
export function openEventStream(
  sandbox: Sandbox,
  reply: FastifyReply,
  { heartbeat, heartbeatMs, onWrite }: EventStreamOptions,
): EventStream {
  const { raw, request } = reply;
  const { followers, unread } = reply.server.httpContext;
  if (followers.isFull) {
    const why = `${followers.count} event streams are open already.`;
    throw (
      request.vendorHttp?.errors.rateLimited(60, request).explained("FOLLOWERS_EXHAUSTED", why) ??
      problem("too-many-followers", why)
    );
  }
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  // NGINX collects a reply before it passes it on, unless this header forbids it.
  raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" });
  if (request.method === "HEAD") {
    raw.end();
    return NO_STREAM;
  }
  raw.flushHeaders();
  const leaveFollowers = followers.enter();
  const leave = sandbox.usage.stay();
  const stream = {
    unreadBytes: () => raw.writableLength,
    cutOff: () => {
      request.log.warn(`a follower of sandbox ${sandbox.name} was cut off: it left ${raw.writableLength} bytes unread`);
      raw.destroy();
    },
  };
  const write = (part: string | Uint8Array): void => {
    if (raw.writableEnded || raw.destroyed || part.length === 0) return;
    raw.write(part);
    onWrite?.(Buffer.byteLength(part));
    if (raw.writableLength > MOST_UNREAD_BYTES) stream.cutOff();
    unread.note(stream);
  };
  let stopHeartbeat = (): void => undefined;
  const beat = (): void => {
    write(`: ${heartbeat}\n\n`);
    stopHeartbeat = sandbox.wall.after(heartbeatMs, beat);
  };
  stopHeartbeat = sandbox.wall.after(heartbeatMs, beat);
  const edited = request.fault?.fault.effect;
  if (edited?.name === "EDIT")
    for (const { event, data } of edited.edit.events ?? []) write(encodeEvent(event, JSON.stringify(data ?? null)));
  let beforeEnd = (): void => undefined;
  let { ending } = sandbox;
  const stay = (): void => {
    // After a reset the sandbox has a new signal by now; after a deletion or shutdown its signal is still aborted.
    queueMicrotask(() => {
      ending = sandbox.ending;
      if (ending.aborted) {
        beforeEnd();
        raw.end();
      } else ending.addEventListener("abort", stay, { once: true });
    });
  };
  ending.addEventListener("abort", stay, { once: true });
  const onClose = (callback: () => void): void => {
    if (raw.closed) callback();
    else raw.once("close", callback);
  };
  onClose(() => {
    leaveFollowers();
    unread.leave(stream);
    leave();
    stopHeartbeat();
    ending.removeEventListener("abort", stay);
  });
  return {
    send: (event, data, id) => {
      write(encodeEvent(event, data, id));
    },
    write,
    onEnding: (callback) => {
      beforeEnd = callback;
    },
    onClose,
  };
}

/** Encodes one event; `data` is one line. */
export function encodeEvent(event: string, data: string, id?: string): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}
