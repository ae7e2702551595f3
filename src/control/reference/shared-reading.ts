/**
 * Sends events to streams. All streams with the same filter share one reading of the history: an event is filtered and
 * encoded once for all of them, and events that follow each other quickly are written together. Followers therefore
 * cost the server little, however many there are.
 */
import type { WallClock } from "../../engine/base/clock.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { EventStream } from "../../http/server/event-stream.ts";
import type { EventHistory, KeptEvent } from "./event-history.ts";

/** How long events are collected after a write, in real time. A person does not see so short a delay. */
const COLLECT_MS = 25;

/** Turns an event into what a stream sends; undefined for an event that the stream does not want. */
type Encode = (kept: KeptEvent) => string | undefined;

export interface Filter {
  /** Equal for streams that want the same events. */
  readonly key: string;
  readonly sandbox: Sandbox | undefined;
  /** Whether the events of the server are sent too. */
  readonly hasServer: boolean;
  readonly encode: Encode;
}

export class SharedReadings {
  readonly #history: EventHistory;
  readonly #wall: WallClock;
  readonly #readings = new Map<string, SharedReading>();

  constructor(history: EventHistory, wall: WallClock) {
    this.#history = history;
    this.#wall = wall;
  }

  /** Sends a stream the kept events after `lastId`, and then events as they happen, until it closes. */
  join(filter: Filter, lastId: string | undefined, out: EventStream): void {
    const key = `${filter.sandbox?.rowId ?? "all"} ${String(filter.hasServer)} ${filter.key}`;
    let reading = this.#readings.get(key);
    // What the others have yet to get must not reach this stream twice.
    reading?.flush();
    this.#resume(filter, lastId, out);
    if (reading === undefined)
      this.#readings.set(key, (reading = new SharedReading(this.#history, this.#wall, filter)));
    const joined = reading;
    joined.streams.add(out);
    out.onEnding(() => {
      joined.flush();
    });
    out.onClose(() => {
      joined.streams.delete(out);
      if (joined.streams.size > 0) return;
      joined.stop();
      if (this.#readings.get(key) === joined) this.#readings.delete(key);
    });
  }

  #resume({ sandbox, hasServer, encode }: Filter, lastId: string | undefined, out: EventStream): void {
    if (lastId === undefined) return;
    const blocks: string[] = [];
    const stop = this.#history.follow({
      ...(sandbox !== undefined && { sandbox }),
      hasServer,
      lastId,
      onEvent: (kept) => {
        blocks.push(encode(kept) ?? "");
      },
      onLost: () => {
        blocks.push(`event: events.lost\ndata: ${JSON.stringify({ kind: "events.lost", after: lastId })}\n\n`);
      },
    });
    out.write(blocks.join(""));
    stop();
  }
}

class SharedReading {
  readonly streams = new Set<EventStream>();
  readonly #wall: WallClock;
  readonly #stop: () => void;
  #blocks: string[] = [];
  #flushedAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(history: EventHistory, wall: WallClock, { sandbox, hasServer, encode }: Filter) {
    this.#wall = wall;
    this.#stop = history.follow({
      ...(sandbox !== undefined && { sandbox }),
      hasServer,
      lastId: undefined,
      onEvent: (kept) => {
        const block = encode(kept);
        if (block !== undefined) this.#add(block);
      },
      onLost: () => undefined,
    });
  }

  /** Writes what was collected. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#blocks.length === 0) return;
    const bytes = Buffer.from(this.#blocks.join(""));
    this.#blocks = [];
    this.#flushedAt = this.#wall.now();
    for (const stream of this.streams) stream.write(bytes);
  }

  stop(): void {
    this.#cancel?.();
    this.#stop();
  }

  #add(block: string): void {
    this.#blocks.push(block);
    if (this.#cancel !== undefined) return;
    if (this.#wall.now() - this.#flushedAt >= COLLECT_MS) this.flush();
    else
      this.#cancel = this.#wall.after(COLLECT_MS, () => {
        this.flush();
      });
  }
}
