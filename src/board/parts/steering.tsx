/** The board's actions on the clock. */
import { computed } from "@preact/signals";
import type { Advanced, ClockDocument } from "../../client/documents.ts";
import { timeOf, durationOf, countOf } from "../state/format.ts";
import { now, path, setClock, state } from "./live.tsx";
import { act, call, notify } from "./session.tsx";
import { isEnding, type BoardState, type Instant } from "../state/model.ts";

export async function freeze(): Promise<void> {
  await act(async () => {
    setClock(await call<ClockDocument>("POST", path("/clock/freeze")));
  });
}

export async function resume(): Promise<void> {
  await act(async () => {
    setClock(await call<ClockDocument>("POST", path("/clock/resume")));
  });
}

export async function setRate(rate: number): Promise<void> {
  await act(async () => {
    setClock(await call<ClockDocument>("PUT", path("/clock"), { body: { rate } }));
  });
}

/** Advances the clock by a duration or to an instant, and tells what fired on the way. */
export async function advance(to: { readonly by: number } | { readonly to: Instant }): Promise<void> {
  await act(async () => {
    const body = "by" in to ? to : { to: new Date(to.to).toISOString() };
    const { from, now, fired, unsettled } = await call<Advanced>("POST", path("/clock/advance"), { body });
    setClock(await call<ClockDocument>("GET", path("/clock")));
    const moved = durationOf(Date.parse(now) - Date.parse(from));
    const lines = fired.map(({ at, kind, id }) => `${timeOf(Date.parse(at))}  ${wordOf(kind)} ${nameOf(kind, id)}`);
    const open = unsettled.map(({ kind, id }) => `not ended yet: ${kind} ${id}`);
    notify(
      `Advanced ${moved}: ${fired.length === 0 ? "nothing was due" : `${countOf(fired.length, "event")} fired`}.`,
      {
        lines: [...lines, ...open],
      },
    );
  });
}

const wordOf = (kind: string): string =>
  kind === "transition" ? "step of" : kind === "deadline" ? "end of a wait on" : "webhook";

function nameOf(kind: string, id: string): string {
  const { generations, deliveries } = state.peek();
  const row = kind === "delivery" ? deliveries.get(id) : generations.get(id);
  return row === undefined ? id : `${row.vendor} ${row.label ?? id}`;
}

export interface Due {
  readonly at: Instant;
  readonly what: string;
  readonly id: string;
}

/** What is due next on the sandbox's clock. It is searched for again only when something has changed or has fired. */
export const due = computed<Due | undefined>(() => {
  const { generations, waiters, deliveries } = state.value;
  const isSame = found?.generations === generations && found.waiters === waiters && found.deliveries === deliveries;
  if (!isSame || (found?.due !== undefined && found.due.at <= now.value))
    found = { generations, waiters, deliveries, due: nextDue(state.value, now.value) };
  return found?.due;
});

let found: (Pick<BoardState, "generations" | "waiters" | "deliveries"> & { readonly due: Due | undefined }) | undefined;

function nextDue({ generations, waiters, deliveries }: BoardState, now: Instant): Due | undefined {
  let next: Due | undefined;
  const consider = (at: Instant | null | undefined, what: () => string, id: string): void => {
    if (at !== null && at !== undefined && at > now && (next === undefined || at < next.at))
      next = { at, what: what(), id };
  };
  for (const row of generations.values()) {
    if (isEnding(row.phase)) continue;
    const step = row.steps.find(({ at }) => at > now);
    consider(step?.at, () => `${row.vendor} ${row.label ?? row.medium}: ${step?.phase ?? ""}`, row.id);
  }
  for (const waiter of waiters.values())
    consider(waiter.deadline, () => `a held request is answered`, waiter.generation ?? "");
  for (const delivery of deliveries.values())
    if (delivery.status === "pending") consider(delivery.nextAttemptAt, () => `webhook ${delivery.event}`, delivery.id);
  return next;
}
