/** Formats transcriptions for sync's responses. */
import type { Observation } from "../../../engine/model/observation.ts";
import type { Phase } from "../../../engine/model/phases.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { formatInstant } from "../instants.ts";
import type { TranscriptionView } from "./schemas.ts";
import { transcriptionOf } from "./store.ts";
import { transcribe } from "./transcript.ts";

const STATUSES = {
  queued: "PENDING",
  processing: "PROCESSING",
  succeeded: "COMPLETED",
  failed: "FAILED",
  rejected: "FAILED",
  cancelled: "FAILED",
} as const satisfies Record<Phase, TranscriptionView["status"]>;

export function formatTranscription({ generation, phase }: Observation, sandbox: Sandbox): TranscriptionView {
  const { sourceVideoUrl, startMs, endMs, untilMs, speakers } = transcriptionOf(generation);
  const status = STATUSES[phase];
  const isDone = status === "COMPLETED";
  return {
    id: generation.id,
    status,
    sourceStartMs: startMs,
    createdAt: formatInstant(generation.createdAt),
    sourceVideoUrl,
    sourceEndMs: endMs,
    transcript: isDone ? transcribe(startMs, untilMs, speakers) : null,
    speakerCount: isDone ? speakers : null,
    difficulty: null,
    error: status === "FAILED" ? jobErrorOf(generation) : null,
    revision: isDone ? revisionOf(generation, sandbox) : null,
  };
}

/** Returns the revision of a transcript, which never changes here. */
export function revisionOf({ id }: Generation, sandbox: Sandbox): string {
  return sandbox.digest("sync", "revision", id).slice(0, 16);
}

/** Returns the error of a job that failed, or that a test cancelled. */
export function jobErrorOf({ failure }: Generation): { code: string; message: string } {
  return { code: failure?.code ?? "CANCELLED", message: failure?.message ?? "The job was cancelled." };
}
