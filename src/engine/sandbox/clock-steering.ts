/**
 * Steers a sandbox's clock: one caller at a time, and every step is stored, so a restarted process continues from it.
 */
import type { SandboxSettings } from "./settings.ts";
import { ClockBusy, type ClockState, type Instant, type SandboxClock } from "../base/clock.ts";
import type { SandboxEvents } from "../base/events.ts";
import type { Scheduler } from "../base/scheduler.ts";

export interface ClockSteeringParts {
  readonly clock: SandboxClock;
  readonly scheduler: Scheduler;
  readonly events: SandboxEvents;
  readonly save: (state: ClockState) => void;
  /** Returns the stored state. */
  readonly load: () => ClockState;
}

export class ClockSteering {
  readonly #parts: ClockSteeringParts;
  #isClaimed = false;

  constructor(parts: ClockSteeringParts) {
    this.#parts = parts;
  }

  /** Whether the clock is being advanced or changed. */
  get isClaimed(): boolean {
    return this.#isClaimed;
  }

  /** Claims the clock; call the result to release it. Throws `ClockBusy` while another caller has it. */
  claim(): () => void {
    if (this.#isClaimed) throw new ClockBusy("The clock is being advanced.");
    this.#isClaimed = true;
    return () => {
      this.#isClaimed = false;
    };
  }

  /** Runs a change of the clock and publishes it. Throws `ClockBusy`. */
  change(change: () => void): void {
    const release = this.claim();
    try {
      change();
      this.publish();
    } finally {
      release();
    }
  }

  /** Applies the clock settings of a document. Throws `ClockBusy`. */
  apply({ mode, rate }: NonNullable<SandboxSettings["clock"]>): void {
    if (mode === undefined && rate === undefined) return;
    const { clock } = this.#parts;
    this.change(() => {
      if (rate !== undefined) clock.setRate(rate);
      if (mode === "frozen") clock.freeze();
      if (mode === "running") clock.resume();
    });
  }

  /**
   * Sets the clock to an instant and stores it, with the mode that it must have after a restart, so that a killed
   * process cannot undo what was announced.
   */
  moveTo(instant: Instant, mode: ClockState["mode"]): void {
    const { clock } = this.#parts;
    clock.moveTo(instant);
    this.#save({ ...clock.state, mode });
  }

  /** Stores the clock's state, arms the timer again, and notifies followers. */
  publish(): void {
    const { clock, scheduler, events } = this.#parts;
    this.#save(clock.state);
    scheduler.arm();
    if (events.isFollowed) events.publish({ kind: "clock.moved", at: clock.now(), ...clock.state });
  }

  /** Stores a state of the clock. If that fails, restores the stored state, so that no unstored time is shown. */
  #save(state: ClockState): void {
    const { clock, scheduler, save, load } = this.#parts;
    try {
      save(state);
    } catch (error) {
      clock.restore(load());
      scheduler.arm();
      throw error;
    }
  }
}
