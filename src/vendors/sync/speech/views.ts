/** Formats speech and speech jobs for sync's responses. */
import type { Generation } from "../../../engine/model/generation.ts";
import type { Observation } from "../../../engine/model/observation.ts";
import type { Phase } from "../../../engine/model/phases.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";
import { formatInstant } from "../instants.ts";
import type { SpeechJobView } from "./schemas.ts";

const STATUSES = {
  queued: "PENDING",
  processing: "PROCESSING",
  succeeded: "SUCCESS",
  failed: "FAILED",
  rejected: "FAILED",
  cancelled: "FAILED",
} as const satisfies Record<Phase, SpeechJobView["status"]>;

export function formatSpeechJob(observed: Observation, sandbox: Sandbox, origin: string): SpeechJobView {
  const { generation, phase, startedAt, endedAt } = observed;
  const isDone = phase === "succeeded";
  const status = STATUSES[phase];
  return {
    id: generation.id,
    status,
    url: isDone ? speechUrl(generation, sandbox, origin) : null,
    duration: isDone ? durationOf(generation) : null,
    error: status === "FAILED" ? (generation.failure?.message ?? "The job was cancelled.") : null,
    createdAt: formatInstant(generation.createdAt),
    startedAt: startedAt === undefined ? null : formatInstant(startedAt),
    finishedAt: endedAt === undefined ? null : formatInstant(endedAt),
  };
}

export function speechUrl({ id }: Generation, sandbox: Sandbox, origin: string): string {
  return mediaUrl(sandbox, origin, { vendor: "sync", name: `${id}.mp3` });
}

export function durationOf({ outputs }: Generation): number {
  return outputs[0]?.durationSeconds ?? 0;
}
