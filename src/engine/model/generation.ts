/** Defines a generation: one job that a client submitted, with its outputs and its scenario. */
import type { StoredGeneration } from "../../store/generations.ts";
import type { Instant } from "../base/clock.ts";
import type { Phase } from "./phases.ts";
import type { Timeline } from "./timeline.ts";
import type { WebhookFaults } from "./webhook-faults.ts";

export type Medium = "image" | "video" | "audio";

export type OutputOutcome = "succeeded" | "failed" | "censored";

/** Why a generation or an output failed, in the vendor's own code and words. */
export interface Failure {
  /** Null for a vendor's failure without a code. */
  readonly code: string | null;
  readonly message: string;
}

/** One image, video or audio file that a generation makes. */
export interface Output {
  /** Unique within the generation; a public id if the vendor has ids for outputs. */
  readonly id: string;
  readonly medium: Medium;
  /** File extension of what is served, without the dot. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly durationSeconds?: number;
  /** The outcome once the output ends. */
  readonly outcome: OutputOutcome;
  readonly failure?: Failure;
  /** How many milliseconds the output ends before its generation; 0 unless a scenario sets it. */
  readonly leadMs: number;
  /** Milliseconds from creation to its actual end; recorded so that a later change cannot undo the end. */
  readonly endedOffset?: number;
}

/** The scenario that a generation follows, and where it was asked for. */
export interface ChosenScenario {
  readonly name: string;
  readonly code?: string;
  readonly source: string;
}

/** The content of the `document` column. `request` and `attributes` are the vendor's own. */
export interface GenerationDocument {
  readonly model: string;
  readonly medium: Medium;
  /** Flat text facts by which lists can be filtered. */
  readonly facts: Readonly<Record<string, string>>;
  readonly request: unknown;
  readonly attributes: unknown;
  readonly outputs: readonly Output[];
  readonly scenario: ChosenScenario;
  /** Code of the vendor's error for status reads, null for its general error; absent when reads get the true state. */
  readonly readError?: string | null;
  /** The faults of its webhooks. */
  readonly webhook?: WebhookFaults;
  readonly failure?: Failure;
  /** The amount charged or held at creation, in the vendor's unit. */
  readonly cost: number;
  /** `scheme://host` of the creating request; webhooks and events build URLs from it. */
  readonly origin: string;
  /** Progress in percent, set by a test; absent when it follows from time. */
  readonly progress?: number;
  readonly progressCurve?: ProgressCurve;
  /** The final cost, if its scenario sets one; otherwise the vendor computes it. */
  readonly finalCost?: number;
}

/** Percent done at equal distances over `overMs` milliseconds of processing; it stays at the last point. */
export interface ProgressCurve {
  readonly points: readonly number[];
  readonly overMs: number;
}

export interface Generation extends GenerationDocument {
  /** The store's own key; never shown to clients. */
  readonly rowId: number;
  readonly accountId: number;
  readonly account: string;
  readonly vendor: string;
  readonly kind: string;
  readonly id: string;
  readonly createdAt: Instant;
  /** The last phase whose effects are done and announced. */
  readonly announced: Phase;
  /** When the next transition is due; null when none is planned. */
  readonly nextAt: Instant | null;
  /** Counted status reads so far. */
  readonly reads: number;
  readonly label: string | null;
  readonly timeline: Timeline;
}

/** Decodes a stored generation; `account` is the name of its account. */
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

/** Encodes the document of a generation for the store. */
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
