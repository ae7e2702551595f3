/**
 * Formats generations for sync's responses. Unset fields are null, not absent, in the key order of a captured object
 * [client].
 */
import type { Observation, OutputObservation } from "../../../engine/model/observation.ts";
import type { Phase } from "../../../engine/model/phases.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";
import { publicOrigin } from "../../../http/parsing/public-url.ts";
import type { GenerationView } from "./schemas.ts";
import { formatInstant } from "../instants.ts";
import { resultToken } from "../result-token.ts";
import { attributesOf, echoOf } from "./store.ts";

export const STATUSES = {
  queued: "PENDING",
  processing: "PROCESSING",
  succeeded: "COMPLETED",
  failed: "FAILED",
  rejected: "REJECTED",
  // sync has no cancellation today [doc]; a generation that a test cancels through the control API shows as FAILED.
  cancelled: "FAILED",
} as const satisfies Record<Phase, GenerationView["status"]>;

const CANCELLED = { code: null, message: "The generation was cancelled." } as const;

/** Formats a generation. `origin` is that of the client's request; `progress` adds progress_percent. */
export function formatGeneration(
  observed: Observation,
  sandbox: Sandbox,
  origin: string,
  { progress = false }: { readonly progress?: boolean } = {},
): GenerationView {
  const { generation, phase, outputs } = observed;
  const echo = echoOf(generation);
  const { outputFileName, projectId } = attributesOf(generation);
  const failure = failureOf(observed);
  const isDone = phase === "succeeded";
  const [video, ...others] = outputs;
  const urlOf = (suffix: string): string | undefined => {
    const output = others.find(({ id, state }) => id === `${generation.id}-${suffix}` && state === "succeeded");
    return output === undefined || !isDone ? undefined : fileUrl(output, sandbox, origin);
  };
  const synthesizedAudioUrl = urlOf("audio");
  return {
    id: generation.id,
    createdAt: formatInstant(generation.createdAt),
    status: STATUSES[phase],
    model: generation.model,
    input: [...echo.input],
    segments: echo.segments == null ? null : [...echo.segments],
    webhookUrl: echo.webhookUrl ?? null,
    options: echo.options ?? null,
    outputUrl: isDone ? resultUrl(generation.id, sandbox, origin) : null,
    segmentOutputUrl: urlOf("segment") ?? null,
    outputDuration: isDone ? (video?.durationSeconds ?? null) : null,
    error: failure?.message ?? null,
    errorCode: failure?.code ?? null,
    error_code: failure?.code ?? null,
    outputFileName,
    ...(synthesizedAudioUrl !== undefined && { synthesizedAudioUrl }),
    projectId,
    ...(progress && { progress_percent: observed.progress }),
  };
}

/** Returns the URL of an output's file. */
export function fileUrl(output: OutputObservation, sandbox: Sandbox, origin: string): string {
  return mediaUrl(sandbox, origin, { vendor: "sync", name: `${output.id}.${output.format}` });
}

function failureOf({ generation, phase }: Observation): { code: string | null; message: string } | undefined {
  if (phase === "cancelled") return CANCELLED;
  return phase === "failed" || phase === "rejected" ? generation.failure : undefined;
}

/** Returns the URL in outputUrl. A real URL has only the token; here the sandbox's name makes a search unnecessary. */
function resultUrl(id: string, sandbox: Sandbox, origin: string): string {
  const query = `token=${resultToken(sandbox, id)}&sandbox=${sandbox.name}`;
  return `${publicOrigin(sandbox, origin)}/v2/generations/${id}/result?${query}`;
}
