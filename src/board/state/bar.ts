/** Computes what the timeline draws of a generation: the parts of its bar, and the ticks of its requests. */
import { isEnding, type BoardState, type GenerationRow, type Instant, type RequestRow } from "./model.ts";
import type { Phase } from "../../client/documents.ts";

interface Segment {
  readonly phase: Phase;
  readonly from: Instant;
  readonly to: Instant;
  readonly isPlanned: boolean;
}

export interface Bar {
  readonly segments: readonly Segment[];
  /** How and when it ends; undefined when its end is not planned. */
  readonly end: { readonly phase: Phase; readonly at: Instant; readonly isPlanned: boolean } | undefined;
}

/** Returns the bar of a generation at an instant: what has been is solid, what is planned is not. */
export function barOf({ steps, isOpen, createdAt }: GenerationRow, now: Instant): Bar {
  const segments: Segment[] = [];
  let end: Bar["end"];
  for (const [index, { phase, at }] of steps.entries()) {
    if (isEnding(phase)) {
      end = { phase, at, isPlanned: at > now };
      break;
    }
    const next = steps[index + 1]?.at;
    // Without a next step, the phase goes on until it is released.
    const to = next ?? Math.max(now, at);
    if (at <= now) segments.push({ phase, from: at, to: Math.min(to, now), isPlanned: false });
    if (to > now) segments.push({ phase, from: Math.max(at, now), to, isPlanned: true });
  }
  if (steps.length === 0) segments.push({ phase: "queued", from: createdAt, to: now, isPlanned: false });
  return { segments, end: isOpen ? undefined : end };
}

/** Returns the phase that a generation shows at an instant. */
export function phaseAt({ steps, phase }: GenerationRow, now: Instant): Phase {
  return steps.findLast(({ at }) => at <= now)?.phase ?? phase;
}

/** Returns the first and the last instant of a bar. */
export function extentOf(row: GenerationRow, now: Instant): readonly [Instant, Instant] {
  const last = row.steps[row.steps.length - 1]?.at ?? row.createdAt;
  const isOver = !row.isOpen && last <= now;
  return [row.createdAt, isOver ? last : Math.max(last, now)];
}

export interface Ticks {
  readonly creates: readonly Instant[];
  readonly polls: readonly Instant[];
  readonly downloads: readonly Instant[];
  readonly webhooks: readonly { readonly at: Instant; readonly isGood: boolean }[];
  readonly waits: readonly { readonly from: Instant; readonly to: Instant | undefined }[];
}

/** Returns the ticks of a generation's requests and webhooks, and the times in which requests were held on it. */
export function ticksOf(state: BoardState, id: string, findRequest: (id: number) => RequestRow | undefined): Ticks {
  const creates: Instant[] = [];
  const polls: Instant[] = [];
  const downloads: Instant[] = [];
  const waits: { from: Instant; to: Instant | undefined }[] = [];
  for (const number of state.requestsOf.get(id) ?? []) {
    const row = findRequest(number);
    if (row === undefined) continue;
    if (row.answeredAt !== null && row.heldAt !== null) waits.push({ from: row.heldAt, to: row.answeredAt });
    if (row.operation?.startsWith("download") === true) downloads.push(row.at);
    else if (row.method === "GET" || row.method === "HEAD") polls.push(row.at);
    else creates.push(row.at);
  }
  for (const waiter of state.waiters.values())
    if (waiter.generation === id) waits.push({ from: waiter.since, to: undefined });
  const webhooks = (state.deliveriesOf.get(id) ?? []).flatMap((delivery) =>
    (state.deliveries.get(delivery)?.attempts ?? []).map(({ at, status }) => ({
      at,
      isGood: status !== null && status >= 200 && status < 300,
    })),
  );
  return { creates, polls, downloads, webhooks, waits };
}
