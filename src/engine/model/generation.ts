/** A generation: one job that a client submitted, with its outputs and what decided its outcome. */
import type { StoredGeneration } from "../../store/generations.ts";
import type { Instant } from "../base/clock.ts";
import type { Phase } from "./phases.ts";
import type { Timeline } from "./timeline.ts";
import type { WebhookFaults } from "./webhook-faults.ts";

export type Medium = "image" | "video" | "audio";

export type OutputOutcome = "succeeded" | "failed" | "censored";

/** Why something ended badly, in the vendor's own code and words. */
export interface Failure {
  /** Null where the vendor knows a failure without a code. */
  readonly code: string | null;
  readonly message: string;
}

/** One image, video or audio that a generation makes. */
export interface Output {
  /** Unique within the generation; a public id where the vendor has one for outputs. */
  readonly id: string;
  readonly medium: Medium;
  /** File extension of what is served, without the dot. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly durationSeconds?: number;
  /** What it will have come to when it ends. */
  readonly outcome: OutputOutcome;
  readonly failure?: Failure;
  /** How many milliseconds before the generation it ends; 0 unless a scenario says otherwise. */
  readonly leadMs: number;
  /** Milliseconds from creation at which it did end, written down when a later change must not undo it. */
  readonly endedOffset?: number;
}

/** Which scenario a generation follows, and why that one. */
export interface ChosenScenario {
  readonly name: string;
  readonly code?: string;
  readonly source: string;
}

/** What the `document` column holds. `request` and `attributes` are the vendor's own. */
export interface GenerationDocument {
  readonly model: string;
  readonly medium: Medium;
  /** Flat text facts that lists can be filtered by. */
  readonly facts: Readonly<Record<string, string>>;
  readonly request: unknown;
  readonly attributes: unknown;
  readonly outputs: readonly Output[];
  readonly scenario: ChosenScenario;
  /** Code of the vendor's error that status reads get, null for its general one; absent where they get the truth. */
  readonly readError?: string | null;
  /** What its scenario does to its webhooks. */
  readonly webhook?: WebhookFaults;
  readonly failure?: Failure;
  /** What was charged or held when it was created, in the vendor's unit. */
  readonly cost: number;
  /** `scheme://host` of the request that created it: what webhooks and events build URLs from. */
  readonly origin: string;
  /** Progress in percent that a test set; absent where time decides. */
  readonly progress?: number;
  readonly progressCurve?: ProgressCurve;
  /** What it costs in the end where its scenario says so; absent where it is what the vendor reckons. */
  readonly finalCost?: number;
}

/** Percent done at equal distances over so many milliseconds of processing; it stays at the last. */
export interface ProgressCurve {
  readonly points: readonly number[];
  readonly overMs: number;
}

export interface Generation extends GenerationDocument {
  /** The store's own key; never shown. */
  readonly rowId: number;
  readonly accountId: number;
  readonly account: string;
  readonly vendor: string;
  readonly kind: string;
  readonly id: string;
  readonly createdAt: Instant;
  /** The last phase whose effects have been done and announced. */
  readonly announced: Phase;
  /** When the next transition is due; null when none is planned. */
  readonly nextAt: Instant | null;
  /** Counted status reads so far. */
  readonly reads: number;
  readonly label: string | null;
  readonly timeline: Timeline;
}

/** Reads a generation from what the store has of it; `account` is the name of its account. */
export function generationFrom(stored: StoredGeneration, account: string): Generation {
  const document = JSON.parse(stored.document) as GenerationDocument;
  return {
    ...document,
    rowId: stored.id,
    accountId: stored.accountId,
    account,
    vendor: stored.vendor,
    kind: stored.kind,
    id: stored.publicId,
    createdAt: stored.createdAt,
    announced: stored.phase as Phase,
    nextAt: stored.nextAt,
    reads: stored.reads,
    label: stored.label,
    timeline: JSON.parse(stored.timeline) as Timeline,
  };
}

/** Writes what is stored of a generation as its document. */
export function documentText(generation: GenerationDocument): string {
  const { model, medium, facts, request, attributes, outputs, scenario, webhook, failure, cost, origin } = generation;
  const { progress, progressCurve, finalCost, readError } = generation;
  return JSON.stringify({
    model,
    medium,
    facts,
    request,
    attributes,
    outputs,
    scenario,
    readError,
    webhook,
    failure,
    cost,
    origin,
    progress,
    progressCurve,
    finalCost,
  });
}
