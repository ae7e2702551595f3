/**
 * Measures the scheduler of a sandbox alone in a process: the nanoseconds to schedule a transition and to settle a due
 * transition, for several numbers of pending transitions. Prints JSON.
 */
import { SandboxClock, type WallClock } from "../../src/engine/base/clock.ts";
import { Scheduler, type DueWork } from "../../src/engine/base/scheduler.ts";
import { spreadOf } from "./arithmetic.ts";

export interface Timed {
  /** The number of pending transitions. */
  readonly size: number;
  /** The nanoseconds for each transition. */
  readonly schedule: number;
  readonly settle: number;
}

const SIZES = [1000, 10_000, 100_000, 1_000_000];
/** The number of transitions that are timed together, and the number of repetitions. */
const BATCH = 500;
const REPEATS = 400;
const BEGAN = Date.parse("2026-11-22T10:00:00Z");
/** The range of due times. */
const HORIZON_MS = 1e9;

function time(size: number): Timed {
  const wall: WallClock = {
    now: () => 0,
    after: () => () => undefined,
    nextTurn: () => Promise.resolve(),
    agreesWithHost: true,
    onJump: () => () => undefined,
  };
  const clock = new SandboxClock(wall, SandboxClock.starting(wall, { mode: "frozen" }));
  const scheduler = new Scheduler({
    clock,
    wall,
    transactions: {
      run: (work) => {
        work();
        return undefined;
      },
      isOpen: () => false,
      whenEnded: (stored) => {
        stored();
      },
    },
    onError: (error) => {
      throw error;
    },
  });
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const workAfter = (instant: number): DueWork => {
    const at = instant + Math.floor(random() * HORIZON_MS);
    return { at, kind: "transition", id: "", run: () => ({ finish: () => undefined, isHeard: false }) };
  };
  for (let index = 0; index < size; index += 1) scheduler.schedule(workAfter(BEGAN));
  const schedule: number[] = [];
  const settle: number[] = [];
  let now = BEGAN;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const work = Array.from({ length: BATCH }, () => workAfter(now));
    const began = process.hrtime.bigint();
    for (const each of work) scheduler.schedule(each);
    const scheduled = process.hrtime.bigint();
    schedule.push(Number(scheduled - began) / BATCH);
    // Settles about as many transitions as were added, one instant after the other.
    const settling = process.hrtime.bigint();
    for (let count = 0; count < BATCH; count += 1) {
      now = scheduler.nextDue() ?? now;
      scheduler.settle(now);
    }
    settle.push(Number(process.hrtime.bigint() - settling) / BATCH);
  }
  return { size, schedule: spreadOf(schedule).median, settle: spreadOf(settle).median };
}

// Runs once so that the code is compiled before it is measured.
time(10_000);
process.stdout.write(JSON.stringify(SIZES.map(time)));
