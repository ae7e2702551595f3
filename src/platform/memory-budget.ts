/**
 * Bounds the memory that clients can make the process keep. Every store of bytes draws on one budget. What can be
 * dropped (the journal, decoded documents, unread events) has a share and drops its oldest; the rest is refused when the
 * budget is used up.
 */
import { getHeapStatistics } from "node:v8";

/** Thrown for what would exceed the budget; nothing of it was kept. */
export class MemoryExhausted extends Error {}

/**
 * What draws on the budget. `store`: everything stored, without a file. `documents`: rules, accounts and settings of
 * sandboxes. `decoded`: generations kept decoded. `journal`: requests with their headers and bodies. `bodies`: bodies
 * that are being received. `held`: held requests. `followers`: events that followers have not read. `snapshots`: rows that
 * changed while a bundle was being read, as they were before.
 */
export const memoryKinds = [
  "store",
  "documents",
  "decoded",
  "journal",
  "bodies",
  "held",
  "followers",
  "snapshots",
] as const;

export type MemoryKind = (typeof memoryKinds)[number];

/** The part of the budget that each kind may have that can be dropped or can wait. */
const SHARES = { decoded: 1 / 4, journal: 1 / 4, bodies: 1 / 4, followers: 1 / 8, snapshots: 1 / 8 } as const;

/** The smaller of what the process and its container may use, times this, is the default. */
const DEFAULT_SHARE = 0.4;

/** The smallest budget: the largest body of a vendor, received and stored. */
export const LEAST_MEMORY_BYTES = 64 * 1024 ** 2;

export class MemoryBudget {
  readonly limit: number;
  readonly #taken = new Map<MemoryKind, number>();
  readonly #measures = new Map<MemoryKind, () => number>();

  /** By default a part of the heap's limit, or of the container's memory if that is smaller. */
  constructor(limit: number = defaultLimit()) {
    this.limit = limit;
  }

  /** Reads the size of a kind with this from now on. */
  measureBy(kind: MemoryKind, measure: () => number): void {
    this.#measures.set(kind, measure);
  }

  get used(): number {
    // Bodies are limited by their share, and are gone in a moment.
    return memoryKinds.reduce((sum, kind) => (kind === "bodies" ? sum : sum + this.usedBy(kind)), 0);
  }

  usedBy(kind: MemoryKind): number {
    return this.#measures.get(kind)?.() ?? this.#taken.get(kind) ?? 0;
  }

  /** Returns the most that a kind may have that can be dropped or can wait. */
  shareOf(kind: keyof typeof SHARES): number {
    return Math.floor(this.limit * SHARES[kind]);
  }

  /** Throws {@link MemoryExhausted} if so many bytes more are too many; `what` is what they are for. */
  admit(bytes: number, what: string): void {
    const { used, limit } = this;
    if (used + bytes > limit) throw this.refusal(bytes, what);
  }

  /** Returns the error for so many bytes. */
  refusal(bytes: number, what: string): MemoryExhausted {
    return new MemoryExhausted(
      `${inMiB(bytes)} for ${what} are too many: ${inMiB(this.used)} of ${inMiB(this.limit)} are in use. Reset or delete sandboxes, raise --memory, or keep data in a file (--data).`,
    );
  }

  take(kind: MemoryKind, bytes: number): void {
    this.#taken.set(kind, (this.#taken.get(kind) ?? 0) + bytes);
  }

  give(kind: MemoryKind, bytes: number): void {
    this.take(kind, -bytes);
  }
}

function defaultLimit(): number {
  const container = process.constrainedMemory();
  const heap = getHeapStatistics().heap_size_limit;
  // Node.js answers 0, or an impossible number, where there is no limit.
  return Math.max(LEAST_MEMORY_BYTES, Math.floor(Math.min(heap, container > 0 ? container : heap) * DEFAULT_SHARE));
}

function inMiB(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
