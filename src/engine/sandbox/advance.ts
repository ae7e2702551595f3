/** Advances a sandbox's clock by hand, through all work that falls due on the way. */
import { setImmediate } from "../../platform/real-timers.ts";
import { ClockBackwards, refuseBehindEnd, type Instant } from "../base/clock.ts";
import type { Fired } from "../base/scheduler.ts";
import { PendingWorkWait } from "./pending-work.ts";
import type { Sandbox } from "./sandbox.ts";

/** How long an advance may block the event loop, in real time. */
const LONGEST_TURN_MS = 10;

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
 * the way and due by the target is included. Throws `ClockBusy`, `ClockBackwards`, `ClockAtEnd`, and {@link
 * AdvanceAborted} when a reset or deletion ends it.
 */
export async function advance(sandbox: Sandbox, target: (now: Instant) => Instant, settleMs = 5000): Promise<Advanced> {
  const release = sandbox.steering.claim();
  const { mode } = sandbox.clock.state;
  const from = sandbox.clock.now();
  const { ending, pendingWork } = sandbox;
  const fired: Fired[] = [];
  const wait = new PendingWorkWait(sandbox, settleMs);
  let turnBegan = sandbox.wall.now();
  try {
    const to = target(from);
    if (to < from) throw new ClockBackwards(`The clock already shows ${new Date(from).toISOString()}.`);
    refuseBehindEnd(to);
    sandbox.clock.freeze();
    appendTo(fired, sandbox.settleAt(from));
    if (pendingWork.size > 0) await wait.untilEnded();
    for (let due = sandbox.scheduler.nextDue(); due !== undefined && due <= to; due = sandbox.scheduler.nextDue()) {
      // A deleted sandbox settles nothing, so its work would stay due without end.
      if (ending.aborted) break;
      sandbox.steering.moveTo(Math.max(due, sandbox.clock.now()), mode);
      appendTo(fired, sandbox.settleAt(due));
      if (pendingWork.size > 0) await wait.untilEnded();
      if (sandbox.wall.now() - turnBegan >= LONGEST_TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        turnBegan = sandbox.wall.now();
      }
    }
    if (ending.aborted)
      throw new AdvanceAborted("The sandbox was reset or deleted while its clock was being advanced.");
    sandbox.steering.moveTo(Math.max(to, sandbox.clock.now()), mode);
  } finally {
    release();
    if (!ending.aborted) {
      if (mode === "running") sandbox.clock.resume();
      sandbox.steering.publish();
    }
  }
  return { from, now: sandbox.clock.now(), fired, unsettled: wait.unsettled().map(({ kind, id }) => ({ kind, id })) };
}

/**
 * Appends one by one: a spread call would fail, since one instant may have more items than a call may have arguments.
 */
function appendTo(all: Fired[], some: readonly Fired[]): void {
  for (const each of some) all.push(each);
}
