/**
 * Keeps the latest events of followed sandboxes, so that a reader that was disconnected resumes where it stopped
 * (`Last-Event-ID`). Events of sandboxes without followers are not computed, so recording goes on for a while after a
 * sandbox's last follower has left.
 */
import type { WallClock } from "../../engine/base/clock.ts";
import type { SandboxEvent } from "../../engine/base/events.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { Sandboxes } from "../../engine/sandbox/sandboxes.ts";
import { showInstant } from "../instants.ts";

const MOST_EVENTS = 10_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** How long a sandbox without followers is recorded, in real time: browsers and libraries come back within seconds. */
const LINGER_MS = 30_000;

/** What is recorded: one sandbox, or all of them. */
interface Recording {
  followers: number;
  /** The number of the first event that the recording can have. */
  readonly since: number;
  readonly stop: () => void;
  cancelStop: () => void;
}

export interface KeptEvent {
  /** Unique among all streams of a running server. */
  readonly id: string;
  readonly event: SandboxEvent;
  /** The event as a line of JSON. */
  readonly text: string;
}

interface Entry extends KeptEvent {
  readonly number: number;
  /** Undefined for an event of the server. */
  readonly sandbox: WeakRef<Sandbox> | undefined;
}

export interface Reader {
  /** The only sandbox whose events are read; all sandboxes if undefined. */
  readonly sandbox?: Sandbox;
  /** Whether the events of the server are read too. */
  readonly hasServer?: boolean;
  /** The id of the last event that the reader has. */
  readonly lastId: string | undefined;
  readonly onEvent: (kept: KeptEvent) => void;
  /** Called first if events after `lastId` may be lost. */
  readonly onLost: () => void;
}

export class EventHistory {
  readonly #sandboxes: Sandboxes;
  readonly #wall: WallClock;
  /** Tells the ids of this server from those of an earlier one. */
  readonly #run: string;
  readonly #recordings = new Map<Sandbox | "all", Recording>();
  readonly #listeners = new Set<(entry: Entry) => void>();
  /** The events that are recorded already: a sandbox may be recorded alone and among all. */
  readonly #known = new WeakSet<SandboxEvent>();
  #entries: Entry[] = [];
  #bytes = 0;
  #last = 0;
  #lastEvicted = 0;
  /** Ends the recording of the server's events, which goes on while any other does. */
  #stopServer: (() => void) | undefined;

  constructor(sandboxes: Sandboxes) {
    this.#sandboxes = sandboxes;
    this.#wall = sandboxes.default.wall;
    this.#run = this.#wall.now().toString(36);
  }

  /** Sends the kept events after `lastId`, and then events as they happen; call the result to stop. */
  follow({ sandbox, hasServer = false, lastId, onEvent, onLost }: Reader): () => void {
    const recording = this.#record(sandbox ?? "all");
    const listener = (entry: Entry): void => {
      const isWanted =
        entry.sandbox === undefined ? hasServer : sandbox === undefined || entry.sandbox.deref() === sandbox;
      if (isWanted) onEvent(entry);
    };
    if (lastId !== undefined) {
      const last = this.#numberOf(lastId);
      if (last === undefined || last < this.#lastEvicted || last < recording.since - 1) onLost();
      for (const entry of this.#entries) if (last === undefined || entry.number > last) listener(entry);
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      this.#leave(sandbox ?? "all", recording);
    };
  }

  /** Stops all recordings. */
  close(): void {
    for (const { stop, cancelStop } of this.#recordings.values()) {
      cancelStop();
      stop();
    }
    this.#recordings.clear();
    this.#stopServer?.();
    this.#stopServer = undefined;
  }

  /** Returns undefined for an id of another server. */
  #numberOf(id: string): number | undefined {
    const [run, number = ""] = id.split("-", 2);
    return run === this.#run && /^\d{1,15}$/.test(number) && Number(number) <= this.#last ? Number(number) : undefined;
  }

  #record(subject: Sandbox | "all"): Recording {
    const running = this.#recordings.get(subject);
    if (running !== undefined) {
      running.followers += 1;
      running.cancelStop();
      return running;
    }
    this.#stopServer ??= this.#sandboxes.events.follow((event) => {
      this.#add(undefined, event);
    });
    const add = (sandbox: Sandbox, event: SandboxEvent): void => {
      this.#add(sandbox, event);
    };
    const stop =
      subject === "all"
        ? this.#sandboxes.followAll(add)
        : subject.events.follow((event) => {
            add(subject, event);
          });
    // One number stands for all events that were not recorded until now, so that an older id is known to miss some.
    this.#last += 1;
    const recording: Recording = { followers: 1, since: this.#last + 1, stop, cancelStop: () => undefined };
    this.#recordings.set(subject, recording);
    return recording;
  }

  #leave(subject: Sandbox | "all", recording: Recording): void {
    recording.followers -= 1;
    if (recording.followers > 0 || this.#recordings.get(subject) !== recording) return;
    const stop = (): void => {
      recording.stop();
      this.#recordings.delete(subject);
      if (this.#recordings.size > 0) return;
      this.#stopServer?.();
      this.#stopServer = undefined;
    };
    if (subject !== "all" && subject.ending.aborted) stop();
    else recording.cancelStop = this.#wall.after(LINGER_MS, stop);
  }

  #add(sandbox: Sandbox | undefined, event: SandboxEvent): void {
    if (this.#known.has(event)) return;
    this.#known.add(event);
    this.#last += 1;
    const { kind, at, ...detail } = event;
    const entry: Entry = {
      id: `${this.#run}-${this.#last}`,
      number: this.#last,
      sandbox: sandbox === undefined ? undefined : new WeakRef(sandbox),
      event,
      text: JSON.stringify({
        sandbox: sandbox?.name ?? "",
        kind,
        at: showInstant(at),
        real: showInstant(this.#wall.now()),
        ...detail,
      }),
    };
    this.#entries.push(entry);
    this.#bytes += entry.text.length;
    if (this.#entries.length > MOST_EVENTS || this.#bytes > MOST_BYTES) this.#evictHalf();
    for (const listener of this.#listeners) listener(entry);
  }

  /** Drops the older half at once, because removing one event each time would move all others. */
  #evictHalf(): void {
    const evicted = this.#entries.splice(0, Math.ceil(this.#entries.length / 2));
    for (const { text } of evicted) this.#bytes -= text.length;
    this.#lastEvicted = evicted.at(-1)?.number ?? this.#lastEvicted;
  }
}
