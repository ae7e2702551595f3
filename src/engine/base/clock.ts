/**
 * Defines the two clocks of the emulator:
 *
 * - The wall clock is real time. It never runs backward and can be injected. It paces sockets, limits deliveries and
 *   arms timers.
 * - The sandbox clock is the time that a sandbox shows. Phases, deadlines, retention, rate windows and every timestamp
 *   in a body use it. It runs at any rate, or stands still.
 *
 * Only this file may use the host's clock and timers; the linter forbids them elsewhere. It takes them as they were
 * when it was loaded, so that a test may fake its own.
 */

import {
  clearInterval,
  clearTimeout,
  dateNow,
  performanceNow,
  setInterval,
  setTimeout,
} from "../../platform/real-timers.ts";
import { TurnQueue } from "./turn-queue.ts";

/** Milliseconds since the Unix epoch. */
export type Instant = number;

/** The end of the year 9999: later years have five digits, which no vendor's time format allows. */
export const LAST_INSTANT: Instant = Date.UTC(10_000, 0) - 1;

/** The longest delay of a Node timer. A longer delay fires at once, so longer waits are split into several timers. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface WallClock {
  /**
   * Returns real time. It follows the host's clock forward, also after the machine was suspended, and never runs
   * backward: when the host's clock is set back, it continues with monotonic time.
   */
  now(): Instant;
  /**
   * Calls back after `delayMs` of real time, rounded up; call the result to cancel. Does not keep the process alive.
   */
  after(delayMs: number, callback: () => void): () => void;
  /** Resolves in a turn of the event loop that no other waiting work gets; see {@link TurnQueue}. */
  nextTurn(): Promise<void>;
  /** Whether the host's clock shows the same second, as of the latest {@link now}. */
  readonly agreesWithHost: boolean;
  /**
   * Calls back within a second after a time step that timers missed, such as a suspended machine; call the result to
   * stop.
   */
  onJump(listener: () => void): () => void;
}

/** The time sources of a wall clock; tests inject their own. */
export interface HostClock {
  /** Returns the host's time in milliseconds since the epoch; the host may set it forward or back. */
  readonly date: () => Instant;
  /** Returns milliseconds that only increase, and that stand still while the machine is suspended. */
  readonly monotonic: () => number;
  /** Calls back every `periodMs`; call the result to stop. */
  readonly every: (periodMs: number, callback: () => void) => () => void;
}

const host: HostClock = {
  date: dateNow,
  monotonic: performanceNow,
  every: (periodMs, callback) => {
    const timer = setInterval(callback, periodMs).unref();
    return () => {
      clearInterval(timer);
    };
  },
};

/** How often the host's clock is checked while a listener follows jumps. */
const LOOK_MS = 1000;

/** Smaller steps are normal corrections of the host's clock; timers may be late by this much. */
const JUMP_MS = 250;

/** Creates a wall clock from a source of time; the default is the host. */
export function createWallClock({ date, monotonic, every }: HostClock = host): WallClock {
  let offset = date() - monotonic();
  let ahead = 0;
  let adopted = 0;
  const turns = new TurnQueue();
  const listeners = new Set<() => void>();
  let stopLooking: () => void = () => undefined;
  const now = (): Instant => {
    const shown = Math.floor(monotonic() + offset);
    ahead = shown - date();
    if (ahead >= 0) return shown;
    offset -= ahead;
    adopted -= ahead;
    ahead = 0;
    return Math.floor(monotonic() + offset);
  };
  const look = (): void => {
    now();
    const step = adopted;
    adopted = 0;
    if (step < JUMP_MS) return;
    for (const listener of [...listeners]) listener();
  };
  return {
    now,
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, Math.min(Math.ceil(Math.max(0, delayMs)), LONGEST_TIMER_MS));
      timer.unref();
      return () => {
        clearTimeout(timer);
      };
    },
    nextTurn: () => turns.next(),
    get agreesWithHost() {
      return ahead < 1000;
    },
    onJump: (listener) => {
      if (listeners.size === 0) stopLooking = every(LOOK_MS, look);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stopLooking();
      };
    },
  };
}

/** Resolves after `delayMs` of real time; the process stays alive until then. */
export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** The stored state of a sandbox clock: an anchor on both clocks, from which `now` is computed. */
export interface ClockState {
  readonly mode: "running" | "frozen";
  /** Sandbox milliseconds per real millisecond while running. */
  readonly rate: number;
  readonly virtualAnchor: Instant;
  readonly wallAnchor: Instant;
}

/** Thrown when a test sets a sandbox clock back; only a reset can do that. */
export class ClockBackwards extends Error {}

/** Thrown when a sandbox clock is set past the last instant that a vendor's answer can show. */
export class ClockAtEnd extends Error {}

/** Throws {@link ClockAtEnd} for an instant after the last. */
export function refuseBehindEnd(instant: Instant): void {
  if (instant > LAST_INSTANT)
    throw new ClockAtEnd(`No clock goes past ${new Date(LAST_INSTANT).toISOString()}; choose an earlier instant.`);
}

/** Thrown when a sandbox clock is changed while it is being advanced. */
export class ClockBusy extends Error {}

/**
 * The clock of one sandbox. After a restart, a running clock continues as if it had not stopped, because its anchors
 * are real instants; a frozen clock shows the same instant as before.
 */
export class SandboxClock {
  readonly #wall: WallClock;
  #state: ClockState;

  constructor(wall: WallClock, state: ClockState) {
    this.#wall = wall;
    this.#state = state;
  }

  static starting(
    wall: WallClock,
    options: { now?: Instant; rate?: number; mode?: ClockState["mode"] } = {},
  ): ClockState {
    const wallAnchor = wall.now();
    return {
      mode: options.mode ?? "running",
      rate: options.rate ?? 1,
      virtualAnchor: options.now ?? wallAnchor,
      wallAnchor,
    };
  }

  get state(): ClockState {
    return this.#state;
  }

  /** Whether this clock shows the host's time, so that headers such as `Date` need no correction. */
  get isPlainRealTime(): boolean {
    const { mode, rate, virtualAnchor, wallAnchor } = this.#state;
    return mode === "running" && rate === 1 && virtualAnchor === wallAnchor && this.#wall.agreesWithHost;
  }

  now(): Instant {
    const { mode, rate, virtualAnchor, wallAnchor } = this.#state;
    if (mode === "frozen") return virtualAnchor;
    return Math.min(LAST_INSTANT, Math.floor(virtualAnchor + (this.#wall.now() - wallAnchor) * rate));
  }

  /**
   * Returns the real milliseconds until the clock shows `instant`; undefined for a frozen clock, which never reaches
   * it.
   */
  realDelayUntil(instant: Instant): number | undefined {
    const remaining = instant - this.now();
    if (remaining <= 0) return 0;
    return this.#state.mode === "frozen" ? undefined : Math.ceil(remaining / this.#state.rate);
  }

  freeze(): void {
    this.#anchorAt(this.now(), { mode: "frozen" });
  }

  resume(rate?: number): void {
    this.#anchorAt(this.now(), { mode: "running", rate: rate ?? this.#state.rate });
  }

  setRate(rate: number): void {
    this.#anchorAt(this.now(), { rate });
  }

  /**
   * Sets the clock to `instant` and keeps its mode. Throws {@link ClockBackwards} for an instant in its past, and
   * {@link ClockAtEnd} for an instant after the last.
   */
  moveTo(instant: Instant): void {
    refuseBehindEnd(instant);
    if (instant < this.now())
      throw new ClockBackwards(`The clock already shows ${new Date(this.now()).toISOString()}.`);
    this.#anchorAt(instant, {});
  }

  /** Sets the clock to an instant that it has shown, if the host's clock was set back since. */
  continueFrom(instant: Instant): void {
    if (this.now() < instant) this.#anchorAt(instant, {});
  }

  /** Restores a stored state, which may be earlier; a reset uses this. */
  restore(state: ClockState): void {
    this.#state = state;
  }

  #anchorAt(virtualAnchor: Instant, change: Partial<Pick<ClockState, "mode" | "rate">>): void {
    this.#state = { ...this.#state, ...change, virtualAnchor, wallAnchor: this.#wall.now() };
  }
}
