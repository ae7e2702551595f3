/** Defines what the board knows of a sandbox. The reducer is the only code that makes a new state of it. */
import type { Delivery, HeldRequest, JournalRequest, Phase } from "../../client/documents.ts";

/** Milliseconds since the epoch. */
export type Instant = number;

export interface Step {
  readonly phase: Phase;
  readonly at: Instant;
}

/** A generation as the timeline shows it. */
export interface GenerationRow {
  readonly id: string;
  readonly vendor: string;
  readonly account: string;
  readonly label: string | null;
  readonly model: string;
  readonly medium: string;
  /** The phase that was announced last. */
  readonly phase: Phase;
  readonly scenario: { readonly name: string; readonly code: string | null; readonly source: string };
  readonly createdAt: Instant;
  readonly steps: readonly Step[];
  /** Whether further steps wait for a release or for counted reads. */
  readonly isOpen: boolean;
}

/** A request of the journal, without its headers and bodies. */
export interface RequestRow {
  readonly id: number;
  readonly state: JournalRequest["state"];
  readonly method: string;
  readonly url: string;
  readonly vendor: string | null;
  readonly operation: string | null;
  readonly account: string | null;
  readonly label: string | null;
  readonly status: number | null;
  readonly at: Instant;
  /** When it was first held; null if it never was. */
  readonly heldAt: Instant | null;
  readonly answeredAt: Instant | null;
  /** When it arrived, in real time. */
  readonly realAt: Instant;
  readonly tookMs: number | null;
  readonly scenario: string | null;
  readonly rules: readonly string[];
  readonly fault: string | null;
  readonly generations: readonly string[];
  readonly diagnostics: readonly string[];
}

export interface AttemptRow {
  readonly number: number;
  readonly at: Instant;
  readonly ending: string;
  readonly status: number | null;
  readonly error: string | null;
}

export interface DeliveryRow {
  readonly id: string;
  readonly vendor: string;
  readonly account: string;
  /** Id of the generation or batch that the webhook is about. */
  readonly subject: string;
  readonly label: string | null;
  readonly event: string;
  readonly url: string;
  readonly status: Delivery["status"];
  readonly createdAt: Instant;
  readonly nextAttemptAt: Instant | null;
  readonly attempts: readonly AttemptRow[];
}

export interface WaiterRow {
  readonly id: number;
  readonly waitsFor: HeldRequest["kind"];
  readonly vendor: string;
  readonly generation: string | null;
  readonly account: string;
  readonly label: string | null;
  readonly since: Instant;
  readonly deadline: Instant | null;
}

export interface ClockView {
  readonly mode: "running" | "frozen";
  readonly rate: number;
  /** The sandbox's time at the moment {@link readAt} of this page. */
  readonly at: Instant;
  readonly readAt: number;
}

export interface BoardState {
  readonly clock: ClockView;
  /** By id, in order of creation. */
  readonly generations: ReadonlyMap<string, GenerationRow>;
  /** In order of arrival. */
  readonly requests: readonly RequestRow[];
  readonly deliveries: ReadonlyMap<string, DeliveryRow>;
  readonly waiters: ReadonlyMap<number, WaiterRow>;
  /** Numbers of requests by the generation that they are about. */
  readonly requestsOf: ReadonlyMap<string, readonly number[]>;
  /** Ids of deliveries by their subject. */
  readonly deliveriesOf: ReadonlyMap<string, readonly string[]>;
  /** Raised when a part that events do not describe fully must be read anew. */
  readonly versions: { readonly rules: number; readonly unassigned: number; readonly sandboxes: number };
  readonly resets: number;
}

export const emptyState: BoardState = {
  clock: { mode: "running", rate: 1, at: 0, readAt: 0 },
  generations: new Map(),
  requests: [],
  deliveries: new Map(),
  waiters: new Map(),
  requestsOf: new Map(),
  deliveriesOf: new Map(),
  versions: { rules: 0, unassigned: 0, sandboxes: 0 },
  resets: 0,
};

const endings: ReadonlySet<string> = new Set(["succeeded", "failed", "rejected", "cancelled"]);

export function isEnding(phase: string): boolean {
  return endings.has(phase);
}

/** Returns the sandbox's time when the page's own clock shows `pageNow`. */
export function sandboxNow({ mode, rate, at, readAt }: ClockView, pageNow: number): Instant {
  return mode === "frozen" ? at : at + (pageNow - readAt) * rate;
}
