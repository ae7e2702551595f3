/** Advances a sandbox's clock by hand, through all work that falls due on the way. */
import { ClockBackwards, refuseBehindEnd, type ClockState, type Instant } from "../base/clock.ts";
import type { Fired } from "../base/scheduler.ts";
import { Turns } from "../base/turns.ts";
import { PendingWorkWait } from "./pending-work.ts";
import type { Sandbox } from "./sandbox.ts";

/**
 * Thrown when an advance fails on its way. The clock stands where {@link advanced} says, in memory and in the file, and
 * everything due by then has happened.
 */
export class AdvanceStopped extends Error {
  readonly advanced: Advanced;

  constructor(advanced: Advanced, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.advanced = advanced;
  }
}

/** Thrown when a reset or deletion of the sandbox ends an advance. */
export class AdvanceAborted extends Error {}

export interface Advanced {
  readonly from: Instant;
  readonly now: Instant;
  readonly fired: readonly Fired[];
  /** Work that was started on the way and had not finished when the guard ran out. */
  readonly unsettled: readonly { readonly kind: string; readonly id: string }[];
}

/**
 * Moves from due instant to due instant until `target`. At each instant it waits until the deliveries are answered and
 * the released requests are on the wire, or until none of them progresses for `settleMs` of real time. Work created on
 * the way and due by the target is included. Throws `ClockBusy`, `ClockBackwards`, `ClockAtEnd`, {@link AdvanceAborted}
 * when a reset or deletion ends it, and {@link AdvanceStopped} when the store refuses a step. If its caller goes away
 * (`gone`), it stops at the instant that it has come to.
 */
export async function advance(
  sandbox: Sandbox,
  target: (now: Instant) => Instant,
  settleMs = 5000,
  gone?: AbortSignal,
): Promise<Advanced> {
  const release = sandbox.steering.claim();
  try {
    const from = sandbox.clock.now();
    const to = target(from);
    if (to < from) throw new ClockBackwards(`The clock already shows ${new Date(from).toISOString()}.`);
    refuseBehindEnd(to);
    return await advanceTo(sandbox, { from, to, settleMs, gone });
  } finally {
    release();
  }
}

interface Journey {
  readonly from: Instant;
  readonly to: Instant;
  readonly settleMs: number;
  readonly gone: AbortSignal | undefined;
}

async function advanceTo(sandbox: Sandbox, { from, to, settleMs, gone }: Journey): Promise<Advanced> {
  const { mode } = sandbox.clock.state;
  const { ending, pendingWork } = sandbox;
  const fired: Fired[] = [];
  const end = gone === undefined ? ending : AbortSignal.any([ending, gone]);
  const wait = new PendingWorkWait({ pendingWork, wall: sandbox.wall, ending: end }, settleMs);
  let stop: { readonly reason: unknown } | undefined;
  const turns = new Turns(sandbox.wall);
  try {
    sandbox.clock.freeze();
    for (let due: Instant | undefined = from; due !== undefined && due <= to; due = sandbox.scheduler.nextDue()) {
      appendTo(fired, moveThrough(sandbox, due, mode));
      // A large instant takes several steps, and what they have begun is awaited together.
      if (pendingWork.size > 0 && sandbox.scheduler.nextDue() !== due) await wait.untilEnded();
      await turns.pause();
      // A deleted sandbox settles nothing, so its work would stay due without end.
      if (ending.aborted)
        throw new AdvanceAborted("The sandbox was reset or deleted while its clock was being advanced.");
      if (end.aborted) break;
    }
    if (!end.aborted) sandbox.steering.moveTo(Math.max(to, sandbox.clock.now()), mode);
  } catch (error) {
    if (error instanceof AdvanceAborted) throw error;
    stop = { reason: error };
  }
  try {
    if (mode === "running") sandbox.clock.resume();
    sandbox.steering.publish();
  } catch (error) {
    stop ??= { reason: error };
  }
  const unsettled = wait.unsettled().map(({ kind, id }) => ({ kind, id }));
  const advanced: Advanced = { from, now: sandbox.clock.now(), fired, unsettled };
  if (stop !== undefined) throw new AdvanceStopped(advanced, stop.reason);
  return advanced;
}

/** Sets the clock to an instant and runs the work due then, all or nothing. */
function moveThrough(sandbox: Sandbox, due: Instant, mode: ClockState["mode"]): readonly Fired[] {
  return sandbox.write(() => {
    sandbox.steering.moveTo(Math.max(due, sandbox.clock.now()), mode);
    return sandbox.settleAt(due);
  });
}

/**
 * Appends one by one: a spread call would fail, since one instant may have more items than a call may have arguments.
 */
function appendTo(all: Fired[], some: readonly Fired[]): void {
  for (const each of some) all.push(each);
}
