/** Lists what happened in a case in order of time: requests, webhooks, steps, and the end of the command. */
import type { Observation } from "./observation.ts";
import { describeExit } from "./predicates.ts";

export interface TimelineRow {
  /** Real milliseconds after the start of the command. */
  readonly atMs: number;
  readonly kind: "request" | "webhook" | "step" | "exit";
  readonly what: string;
  /** The request's id in the journal. */
  readonly request?: number;
  readonly status?: number | null;
  readonly tookMs?: number | null;
  readonly fault?: string;
}

/** The most rows that are kept; of a longer list the middle is left out. */
const MOST_ROWS = 200;

export function timelineOf(observed: Observation): readonly TimelineRow[] {
  const { exit, steps } = observed.recorded;
  const since = (at: number): number => Math.round(at - exit.startedAt);
  const rows: TimelineRow[] = [
    ...observed.requests.map(({ request, at }) => ({
      atMs: since(at),
      kind: "request" as const,
      what: `${request.method} ${request.url}`,
      request: request.id,
      status: request.status,
      tookMs: request.real.tookMs,
      ...(request.fault !== null && { fault: request.fault }),
    })),
    ...observed.answered.map(({ delivery, status, at }) => ({
      atMs: since(at),
      kind: "webhook" as const,
      what: `${delivery.event} of ${delivery.subject}`,
      status,
    })),
    ...steps.map(({ at, what, answer }) => ({
      atMs: since(at),
      kind: "step" as const,
      what,
      ...(answer !== undefined && { status: answer.status ?? null }),
    })),
  ].sort((one, other) => one.atMs - other.atMs);
  const ended: TimelineRow = { atMs: since(exit.endedAt), kind: "exit", what: describeExit(observed) };
  if (rows.length <= MOST_ROWS) return [...rows, ended];
  const half = MOST_ROWS / 2;
  const gap: TimelineRow = {
    atMs: rows[half]?.atMs ?? 0,
    kind: "step",
    what: `${rows.length - MOST_ROWS} further rows are left out`,
  };
  return [...rows.slice(0, half), gap, ...rows.slice(-half), ended];
}
