/** Reads the event stream of a server. The library, `fauxgen tail` and the board use this reader. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { pause } from "../engine/base/clock.ts";
import { FauxgenError, type ControlClient } from "./control-client.ts";
import type { SandboxEvent } from "./documents.ts";
import type { VendorName } from "./vendor-names.ts";

/** The real times between two attempts to connect again; the last one repeats. */
const RETRY_DELAYS_MS = [250, 500, 1000, 2000, 5000] as const;

/** The kinds that the board and `tail` show: all but the arrival of a request, because its end says more. */
export const shownKinds: readonly string[] = [
  "request.finished",
  "request.unassigned",
  "generation.",
  "waiter.",
  "delivery.",
  "rule.",
  "clock.",
  "sandbox.",
];

export interface FollowOptions {
  /** Kinds or prefixes of kinds: `["request.", "generation.transition"]`; by default all kinds. */
  readonly kinds?: readonly string[];
  readonly vendor?: VendorName;
  readonly label?: string;
  /** Adds to a sandbox's events those of the server: requests that reached no sandbox, and sandboxes that come and go. */
  readonly server?: boolean;
  /** Ends the stream when it is aborted. */
  readonly signal?: AbortSignal;
  /**
   * Connects again when the connection is lost, and continues after the last event. By default the stream ends with its
   * connection.
   */
  readonly reconnects?: boolean;
  /**
   * Called when the connection opens and when it is lost. `isResumed` tells whether the stream continues after the last
   * event that was read; if not, the reader must read anew what it shows.
   */
  readonly onConnection?: (isOpen: boolean, isResumed: boolean) => void;
}

/**
 * Follows a stream of server-sent events until it ends or the signal is aborted. An event `events.lost` says that events
 * before it are lost.
 */
export async function* followEvents(
  control: ControlClient,
  path: string,
  { kinds, vendor, label, server, signal, reconnects = false, onConnection = () => undefined }: FollowOptions,
): AsyncGenerator<SandboxEvent, void> {
  const query = { kinds: kinds?.join(","), vendor, label, server };
  const place = { lastId: "" };
  let failures = 0;
  for (;;) {
    try {
      const answer = await control.send("GET", path, {
        query,
        accept: "text/event-stream",
        ...(place.lastId !== "" && { lastEventId: place.lastId }),
        ...(signal !== undefined && { signal }),
      });
      onConnection(true, place.lastId !== "");
      failures = 0;
      for await (const event of readEvents(answer.body(), place)) {
        // Events that arrived together with the one that made the reader stop are not wanted any more.
        if (isAborted(signal)) return;
        yield event;
      }
    } catch (error) {
      if (isAborted(signal)) return;
      if (!reconnects || isRefusal(error)) throw error;
    }
    if (!reconnects || isAborted(signal)) return;
    onConnection(false, false);
    await pauseUnlessAborted(RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length - 1)] ?? 0, signal);
    failures += 1;
    if (isAborted(signal)) return;
  }
}

/** Yields server-sent events, each a JSON document, as they arrive; `place` learns the id of the last one. */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  place: { lastId: string } = { lastId: "" },
): AsyncGenerator<SandboxEvent, void> {
  const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  // Not every browser can iterate over a stream.
  const reader = events.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const { data, id } = part.value;
      if (id !== undefined) place.lastId = id;
      yield JSON.parse(data) as SandboxEvent;
    }
  } finally {
    await reader.cancel();
  }
}

/** Waits in real time, or until the signal is aborted. */
async function pauseUnlessAborted(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  const over = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    const options = { once: true, signal: over.signal };
    signal?.addEventListener(
      "abort",
      () => {
        resolve();
      },
      options,
    );
  });
  await Promise.race([pause(delayMs), aborted]);
  over.abort();
}

/** Read by a function, because the signal may be aborted during any await. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Returns whether the server answered that it will not serve this stream; a lost connection has no status. */
function isRefusal(error: unknown): boolean {
  return error instanceof FauxgenError && error.status !== undefined && error.status < 500;
}
