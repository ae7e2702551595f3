/** Moving a sandbox's clock on by hand, through everything that falls due on the way. */
import { ClockBackwards, refuseBehindEnd, type Instant } from "../base/clock.ts";
import type { Sandbox, SetOff } from "./sandbox.ts";
import type { Fired } from "../base/scheduler.ts";

/** Real time for which an advance may keep the event loop to itself. */
const LONGEST_TURN_MS = 10;

/** Thrown when the world that an advance was moving through ended under it. */
export class AdvanceAborted extends Error {}

export interface Advanced {
  readonly from: Instant;
  readonly now: Instant;
  readonly fired: readonly Fired[];
  /** What was set off on the way and had not finished when the guard ran out. */
  readonly unsettled: readonly { readonly kind: string; readonly id: string }[];
}

/**
 * Goes from due instant to due instant until `target`, stopping at each until its deliveries are answered and the
 * requests it released are on the wire, or for `settleMs` of real time none of them was. Work created meanwhile and
 * due by the target is included. Throws `ClockBusy`, `ClockBackwards`, `ClockAtEnd`, and
 * {@link AdvanceAborted} when a reset or deletion ends it.
 */
export async function advance(sandbox: Sandbox, target: (now: Instant) => Instant, settleMs = 5000): Promise<Advanced> {
  const release = sandbox.steerClock();
  const { mode } = sandbox.clock.state;
  const from = sandbox.clock.now();
  const { ending } = sandbox;
  const fired: Fired[] = [];
  const unsettled = new Set<SetOff>();
  const hanging = new Set<SetOff>();
  let turnBegan = sandbox.wall.now();
  try {
    const to = target(from);
    if (to < from) throw new ClockBackwards(`The clock already shows ${new Date(from).toISOString()}.`);
    refuseBehindEnd(to);
    sandbox.clock.freeze();
    appendTo(fired, sandbox.settleAt(from));
    if (sandbox.flushing.size > 0) await settled(sandbox, settleMs, unsettled, hanging);
    for (let due = sandbox.scheduler.nextDue(); due !== undefined && due <= to; due = sandbox.scheduler.nextDue()) {
      // A deleted sandbox settles nothing any more, so its work would be due for ever.
      if (ending.aborted) break;
      sandbox.moveClock(Math.max(due, sandbox.clock.now()), mode);
      appendTo(fired, sandbox.settleAt(due));
      if (sandbox.flushing.size > 0) await settled(sandbox, settleMs, unsettled, hanging);
      if (sandbox.wall.now() - turnBegan >= LONGEST_TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        turnBegan = sandbox.wall.now();
      }
    }
    if (ending.aborted)
      throw new AdvanceAborted("The sandbox was reset or deleted while its clock was being advanced.");
    sandbox.moveClock(Math.max(to, sandbox.clock.now()), mode);
  } finally {
    release();
    if (!ending.aborted) {
      if (mode === "running") sandbox.clock.resume();
      sandbox.clockChanged();
    }
  }
  for (const what of sandbox.flushing.values()) unsettled.add(what);
  return { from, now: sandbox.clock.now(), fired, unsettled: [...unsettled].map(({ kind, id }) => ({ kind, id })) };
}

/**
 * Waits until everything that was set off has finished, or the guard runs out: it is for what hangs, so whatever
 * finishes winds it up again. What can be ended then is, and is added to `unsettled`; the rest goes on, is
 * waited for no more, and is `unsettled` if it lasts to the end.
 */
async function settled(
  sandbox: Sandbox,
  settleMs: number,
  unsettled: Set<SetOff>,
  hanging: Set<SetOff>,
): Promise<void> {
  await finishedWithin(sandbox, settleMs, hanging);
  for (const what of sandbox.flushing.values()) {
    if (what.giveUp?.() === true) unsettled.add(what);
    hanging.add(what);
  }
  // What was given up writes its end before the clock goes on.
  if (unsettled.size > 0) await new Promise((resolve) => setImmediate(resolve));
}

/** Settles when all but what hangs already is done, when nothing was for `guardMs` of real time, or with the sandbox. */
function finishedWithin(sandbox: Sandbox, guardMs: number, hanging: ReadonlySet<SetOff>): Promise<void> {
  const isDone = (): boolean => {
    for (const what of sandbox.flushing.values()) if (!hanging.has(what)) return false;
    return true;
  };
  if (isDone()) return Promise.resolve();
  const { ending } = sandbox;
  return new Promise((resolve) => {
    const finish = (): void => {
      stopGuard();
      stopListening();
      ending.removeEventListener("abort", finish);
      resolve();
    };
    let stopGuard = sandbox.wall.after(guardMs, finish);
    const stopListening = sandbox.onFlushed(() => {
      stopGuard();
      if (isDone()) finish();
      else stopGuard = sandbox.wall.after(guardMs, finish);
    });
    ending.addEventListener("abort", finish, { once: true });
  });
}

/** There may be more at one instant than a call can have arguments. */
function appendTo(all: Fired[], some: readonly Fired[]): void {
  for (const each of some) all.push(each);
}
