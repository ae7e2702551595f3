/** Defines a generation: one job that a client submitted, with its outputs and its scenario. */
import type { StoredGeneration } from "../../store/generations.ts";
import { readRow } from "../../store/unreadable-row.ts";
import { LAST_INSTANT, type Instant } from "../base/clock.ts";
import { LONGEST_DURATION_MS } from "../base/durations.ts";
import type { Phase } from "./phases.ts";
import { timelineFrom, type Timeline } from "./timeline.ts";
import type { WebhookFaults } from "./webhook-faults.ts";

const media = ["image", "video", "audio"] as const;

export type Medium = (typeof media)[number];

const outputResults = ["succeeded", "failed", "censored"] as const;

export type OutputResult = (typeof outputResults)[number];

/** Why a generation or an output failed, in the vendor's own code and words. */
export interface Failure {
  /** The vendor's code; null if the vendor gives this failure no code. */
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
  /** The result once the output ends. */
  readonly result: OutputResult;
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

/** Decodes a stored generation; `account` is the name of its account. Throws `UnreadableRow`. */
export function generationFrom(stored: StoredGeneration, account: string): Generation {
  return readRow("generations", stored.publicId, () => decode(stored, account));
}

function decode(stored: StoredGeneration, account: string): Generation {
  const document = documentFrom(JSON.parse(stored.document));
  const timeline = timelineFrom(JSON.parse(stored.timeline));
  const isPlanned = timeline.steps.some(({ phase }) => phase === stored.phase);
  if (!isPlanned) throw new Error(`phase ${stored.phase} is not in its timeline`);
  refuseOutside(stored.createdAt, LAST_INSTANT);
  refuseOutside(stored.nextAt ?? 0, LAST_INSTANT + 2 * LONGEST_DURATION_MS);
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
    timeline,
  };
}

function refuseOutside(instant: Instant, last: Instant): void {
  if (!(instant >= 0 && instant <= last)) throw new Error(`the instant ${instant} is not within the calendar`);
}

/** Returns a decoded document. Throws for a value that is not one; by hand, because lists decode many at once. */
function documentFrom(value: unknown): GenerationDocument {
  const document = value as GenerationDocument;
  const { model, medium, facts, outputs, scenario, cost, origin, progress, finalCost } = document;
  const texts = [model, origin, scenario.name, scenario.source, ...Object.values(facts)];
  const numbers = [cost, progress ?? 0, finalCost ?? 0];
  if (!texts.every(isText)) throw new Error("one of its texts is missing");
  if (!numbers.every(Number.isFinite)) throw new Error("one of its numbers is missing");
  if (!media.includes(medium)) throw new Error(`${medium} is not a medium`);
  for (const output of outputs) {
    const { id, format, width, height, result, leadMs, durationSeconds = 0, endedOffset = 0 } = output;
    const isSized = [width, height, leadMs, durationSeconds, endedOffset].every(
      (size) => Number.isFinite(size) && size >= 0,
    );
    if (!isText(id) || !isText(format) || !isSized || !outputResults.includes(result) || !media.includes(output.medium))
      throw new Error(`output ${id} is not one`);
  }
  return document;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
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
