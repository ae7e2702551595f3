/**
 * Time. Two clocks exist and only two:
 *
 * - the wall clock: real, never backward, injectable. It paces sockets, guards deliveries and arms timers.
 * - the sandbox clock: what a sandbox believes the time is. Phases, deadlines, retention, rate windows and every
 *   timestamp in a body read it. It runs, runs faster, or stands still.
 *
 * This file is the only one that may touch the host's clock or timers; the linter forbids them elsewhere.
 */

/** Milliseconds since the Unix epoch. */
export type Instant = number;

/** The end of the year 9999: later years have five digits, which no vendor's format of an instant has. */
export const LAST_INSTANT: Instant = Date.UTC(10_000, 0) - 1;

/** Node fires at once beyond this delay, so longer waits are cut and checked again when they fire. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface WallClock {
  /**
   * Real time. It follows the host's clock forward, also over a suspended machine, and never runs backward: where the
   * host's clock is set back, it goes on by monotonic time.
   */
  now(): Instant;
  /** Calls back after `delayMs` of real time, rounded up; the answer cancels it. Does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void;
  /** Whether the host's own clock shows the same second, as of the latest {@link now}. */
  readonly agreesWithHost: boolean;
  /** Calls back within a second of a step that timers did not see, such as a suspended machine; the answer stops it. */
  onJump(listener: () => void): () => void;
}

/** What a wall clock is made of; tests give it one of their own. */
export interface HostClock {
  /** The host's clock, in milliseconds since the epoch, which may be set forward and back. */
  readonly date: () => Instant;
  /** Milliseconds that only go forward, and stand still while the machine is suspended. */
  readonly monotonic: () => number;
  /** Calls back every `periodMs`; the answer stops it. */
  readonly every: (periodMs: number, callback: () => void) => () => void;
}

const host: HostClock = {
  date: () => Date.now(),
  monotonic: () => performance.now(),
  every: (periodMs, callback) => {
    const timer = setInterval(callback, periodMs).unref();
    return () => {
      clearInterval(timer);
    };
  },
};

/** How often the host's clock is looked at while somebody follows jumps. */
const LOOK_MS = 1000;

/** Smaller steps are how a host keeps its clock right; timers may be late by as much. */
const JUMP_MS = 250;

/** Makes a wall clock of the host's time. */
export function createWallClock({ date, monotonic, every }: HostClock = host): WallClock {
  let offset = date() - monotonic();
  let ahead = 0;
  let adopted = 0;
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

/** Thrown when a sandbox clock is asked to show what no vendor's answer could. */
export class ClockAtEnd extends Error {}

/** Throws {@link ClockAtEnd} for an instant behind the last. */
export function refuseBehindEnd(instant: Instant): void {
  if (instant > LAST_INSTANT)
    throw new ClockAtEnd(`No clock goes past ${new Date(LAST_INSTANT).toISOString()}; choose an earlier instant.`);
}

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

  /** Whether this clock simply shows the host's time, so that headers such as `Date` need no correction. */
  get isPlainRealTime(): boolean {
    const { mode, rate, virtualAnchor, wallAnchor } = this.#state;
    return mode === "running" && rate === 1 && virtualAnchor === wallAnchor && this.#wall.agreesWithHost;
  }

  now(): Instant {
    const { mode, rate, virtualAnchor, wallAnchor } = this.#state;
    if (mode === "frozen") return virtualAnchor;
    return Math.min(LAST_INSTANT, Math.floor(virtualAnchor + (this.#wall.now() - wallAnchor) * rate));
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

  /**
   * Puts the clock at `instant`, in whatever mode it is. Throws {@link ClockBackwards} for an instant in its past, and
   * {@link ClockAtEnd} for one behind the last.
   */
  moveTo(instant: Instant): void {
    refuseBehindEnd(instant);
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
