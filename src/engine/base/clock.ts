/**
 * Time. Two clocks exist and only two:
 *
 * - the wall clock: real, monotonic, injectable. It paces sockets, guards deliveries and arms timers.
 * - the sandbox clock: what a sandbox believes the time is. Phases, deadlines, retention, rate windows and every
 *   timestamp in a body read it. It runs, runs faster, or stands still.
 *
 * This file is the only one that may touch the host's clock or timers; the linter forbids them elsewhere.
 */

/** Milliseconds since the Unix epoch. */
export type Instant = number;

/** Node fires at once beyond this delay, so longer waits are cut and checked again when they fire. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface WallClock {
  /** Real time: the wall time at start plus monotonic time, so that a host clock set back never moves it back. */
  now(): Instant;
  /** Calls back after `delayMs` of real time, rounded up; the answer cancels it. Does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The host's time. */
export function createWallClock(): WallClock {
  const startedAt = Date.now();
  const origin = performance.now();
  return {
    now: () => startedAt + Math.floor(performance.now() - origin),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, Math.min(Math.ceil(Math.max(0, delayMs)), LONGEST_TIMER_MS));
      timer.unref();
      return () => {
        clearTimeout(timer);
      };
    },
  };
}

/** Resolves after `delayMs` of real time; the process stays alive until then. */
export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** How a sandbox clock is stored: an anchor on both clocks, from which `now` follows. */
export interface ClockState {
  readonly mode: "running" | "frozen";
  /** Sandbox milliseconds per real millisecond while running. */
  readonly rate: number;
  readonly virtualAnchor: Instant;
  readonly wallAnchor: Instant;
}

/** Thrown when a test asks a sandbox clock to go back; only a reset can do that. */
export class ClockBackwards extends Error {}

/** Thrown when a sandbox clock is steered while it is being advanced. */
export class ClockBusy extends Error {}

/**
 * A sandbox's time. A running clock goes on across a restart as if it had not stopped, because the anchors are real
 * instants; a frozen one stays where it was.
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

  /** Whether this clock simply shows real time, so that headers such as `Date` need no correction. */
  get isPlainRealTime(): boolean {
    const { mode, rate, virtualAnchor, wallAnchor } = this.#state;
    return mode === "running" && rate === 1 && virtualAnchor === wallAnchor;
  }

  now(): Instant {
    const { mode, rate, virtualAnchor, wallAnchor } = this.#state;
    if (mode === "frozen") return virtualAnchor;
    return Math.floor(virtualAnchor + (this.#wall.now() - wallAnchor) * rate);
  }

  /** Real milliseconds until the sandbox clock shows `instant`; undefined when it never will by itself. */
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

  /** Puts the clock at `instant`, in whatever mode it is. Throws {@link ClockBackwards} for an instant in its past. */
  moveTo(instant: Instant): void {
    if (instant < this.now())
      throw new ClockBackwards(`The clock already shows ${new Date(this.now()).toISOString()}.`);
    this.#anchorAt(instant, {});
  }

  /** Puts back a stored state, earlier or not: what a reset does. */
  restore(state: ClockState): void {
    this.#state = state;
  }

  #anchorAt(virtualAnchor: Instant, change: Partial<Pick<ClockState, "mode" | "rate">>): void {
    this.#state = { ...this.#state, ...change, virtualAnchor, wallAnchor: this.#wall.now() };
  }
}
