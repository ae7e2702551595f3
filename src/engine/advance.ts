/** Moving a sandbox's clock on by hand, through everything that falls due on the way. */
import { ClockBackwards, type Instant } from "./clock.ts";
import type { Sandbox, SetOff } from "./sandbox.ts";
import type { Fired } from "./scheduler.ts";

/** Real time for which an advance may keep the event loop to itself. */
const LONGEST_TURN_MS = 10;

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
 * due by the target is included. A reset ends it early. Throws `ClockBusy` and `ClockBackwards`.
 */
export async function advance(sandbox: Sandbox, target: (now: Instant) => Instant, settleMs = 5000): Promise<Advanced> {
  const release = sandbox.steerClock();
  const { mode } = sandbox.clock.state;
  const from = sandbox.clock.now();
  const { epoch } = sandbox;
  const to = target(from);
  const fired: Fired[] = [];
  const unsettled = new Set<SetOff>();
  let turnBegan = sandbox.wall.now();
  try {
    if (to < from) throw new ClockBackwards(`The clock already shows ${new Date(from).toISOString()}.`);
    sandbox.clock.freeze();
    fired.push(...sandbox.settleAt(from));
    if (sandbox.flushing.size > 0) await settled(sandbox, settleMs, unsettled);
    for (let due = sandbox.scheduler.nextDue(); due !== undefined && due <= to; due = sandbox.scheduler.nextDue()) {
      if (sandbox.epoch !== epoch) break;
      sandbox.moveClock(Math.max(due, sandbox.clock.now()), mode);
      fired.push(...sandbox.settleAt(due));
      if (sandbox.flushing.size > 0) await settled(sandbox, settleMs, unsettled);
      if (sandbox.epoch !== epoch) break;
      if (sandbox.wall.now() - turnBegan >= LONGEST_TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        turnBegan = sandbox.wall.now();
      }
    }
    if (sandbox.epoch === epoch) sandbox.moveClock(Math.max(to, sandbox.clock.now()), mode);
  } finally {
    release();
    if (sandbox.epoch === epoch) {
      if (mode === "running") sandbox.clock.resume();
      sandbox.clockChanged();
    }
  }
  for (const what of sandbox.flushing.values()) unsettled.add(what);
  return { from, now: sandbox.clock.now(), fired, unsettled: [...unsettled].map(({ kind, id }) => ({ kind, id })) };
}

/**
 * Waits until everything that was set off has finished, or the guard runs out: it is for what hangs, so whatever
 * finishes winds it up again. What can be ended then is, and is added to `unsettled`; the rest goes on and is looked at
 * again at the next instant.
 */
async function settled(sandbox: Sandbox, settleMs: number, unsettled: Set<SetOff>): Promise<void> {
  await finishedWithin(sandbox, settleMs);
  for (const what of sandbox.flushing.values()) if (what.giveUp?.() === true) unsettled.add(what);
  // What was given up writes its end before the clock goes on.
  if (unsettled.size > 0) await new Promise((resolve) => setImmediate(resolve));
}

/** Settles when everything is done, or when nothing was for `guardMs` of real time. */
function finishedWithin(sandbox: Sandbox, guardMs: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      stopGuard();
      stopListening();
      resolve();
    };
    let stopGuard = sandbox.wall.after(guardMs, finish);
    const stopListening = sandbox.onFlushed(() => {
      stopGuard();
      if (sandbox.flushing.size === 0) finish();
      else stopGuard = sandbox.wall.after(guardMs, finish);
    });
    if (sandbox.flushing.size === 0) finish();
  });
}
