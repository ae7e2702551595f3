/** Steering a sandbox's clock: one caller at a time, and every step is stored, so that a killed process goes on from it. */
import { ClockBusy, type ClockState, type Instant, type SandboxClock } from "../base/clock.ts";
import type { SandboxEvents } from "../base/events.ts";
import type { Scheduler } from "../base/scheduler.ts";

export interface ClockSteeringParts {
  readonly clock: SandboxClock;
  readonly scheduler: Scheduler;
  readonly events: SandboxEvents;
  readonly save: (state: ClockState) => void;
}

export class ClockSteering {
  readonly #parts: ClockSteeringParts;
  #isClaimed = false;

  constructor(parts: ClockSteeringParts) {
    this.#parts = parts;
  }

  /** Whether the clock is being advanced, or changed. */
  get isClaimed(): boolean {
    return this.#isClaimed;
  }

  /** Claims the clock; the answer gives it back. Throws `ClockBusy` while another caller has it. */
  claim(): () => void {
    if (this.#isClaimed) throw new ClockBusy("The clock is being advanced.");
    this.#isClaimed = true;
    return () => {
      this.#isClaimed = false;
    };
  }

  /** Runs a change of the clock and makes it known. Throws `ClockBusy`. */
  change(change: () => void): void {
    const release = this.claim();
    try {
      change();
      this.publish();
    } finally {
      release();
    }
  }

  /**
   * Puts the clock at an instant and stores it, in the mode that it is to have after a restart, so that nothing
   * announced there can be unsaid by a killed process.
   */
  moveTo(instant: Instant, mode: ClockState["mode"]): void {
    const { clock, save } = this.#parts;
    clock.moveTo(instant);
    save({ ...clock.state, mode });
  }

  /** Stores the clock as it is now, arms the timer anew, and tells those who follow. */
  publish(): void {
    const { clock, scheduler, events, save } = this.#parts;
    save(clock.state);
    scheduler.arm();
    if (events.isFollowed) events.publish({ kind: "clock.moved", at: clock.now(), ...clock.state });
  }
}
