/**
 * Formats vivix's responses. Each state has its own keys, and a field that does not apply is absent, never null [seed].
 */
import type { Instant } from "../../engine/base/clock.ts";
import type { Observation, OutputObservation } from "../../engine/model/observation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../http/parsing/media-url.ts";
import { creditsUsed } from "./account.ts";
import type { CompletedGeneration, FailedGeneration, RunningGeneration } from "./schemas.ts";

/**
 * Formats an instant in whole seconds, truncated and not rounded [seed: 12 420 ms lie between stamps that are 12 s
 * apart].
 */
export function formatTime(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

export function formatGeneration(
  observed: Observation,
  sandbox: Sandbox,
  origin: string,
): RunningGeneration | CompletedGeneration | FailedGeneration {
  switch (observed.phase) {
    case "queued":
      return formatRunning(observed, "pending");
    case "processing":
      return formatRunning(observed, "processing");
    case "succeeded":
      return formatCompleted(observed, sandbox, origin);
    case "failed":
    case "rejected":
    case "cancelled":
      return formatFailed(observed);
  }
}

function formatRunning({ generation, elapsedMs }: Observation, status: "pending" | "processing"): RunningGeneration {
  return {
    generation_id: generation.id,
    status,
    model: generation.model,
    credits_estimate: generation.cost,
    elapsed_ms: elapsedMs,
    created_at: formatTime(generation.createdAt),
  };
}

function formatCompleted(
  { generation, outputs, elapsedMs, endedAt, now }: Observation,
  sandbox: Sandbox,
  origin: string,
): CompletedGeneration {
  const urls = outputUrls(outputs, sandbox, origin);
  return {
    generation_id: generation.id,
    status: "completed",
    model: generation.model,
    output_url: urls[0] ?? "",
    output_urls: urls,
    credits_used: creditsUsed(generation),
    duration_ms: elapsedMs,
    created_at: formatTime(generation.createdAt),
    completed_at: formatTime(endedAt ?? now),
  };
}

function formatFailed({ generation, endedAt, now }: Observation): FailedGeneration {
  const { code, message } = generation.failure ?? { code: null, message: "The generation was cancelled." };
  return {
    generation_id: generation.id,
    status: "failed",
    error: code ?? "PROVIDER_ERROR",
    message,
    credits_used: 0,
    created_at: formatTime(generation.createdAt),
    completed_at: formatTime(endedAt ?? now),
  };
}

/** Returns the URLs of the successful outputs; `host` replaces the usual host. */
export function outputUrls(
  outputs: readonly OutputObservation[],
  sandbox: Sandbox,
  origin: string,
  host?: string,
): string[] {
  return outputs
    .filter(({ state }) => state === "succeeded")
    .map(({ id, format }) => mediaUrl(sandbox, origin, { vendor: "vivix", name: `${id}.${format}`, host }));
}
