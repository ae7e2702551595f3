/**
 * Formats generations for affogato's responses. Each output shows its state; a generation shows no state of its own
 * [doc].
 */
import {
  observe,
  observeAtCreation,
  type Observation,
  type OutputObservation,
} from "../../../engine/model/observation.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";
import { attributesOf } from "./store.ts";
import type { CreatedMedia, GenerationData, ImageStatus, MediaItem } from "./schemas.ts";
import type { Place } from "../place.ts";
import { settingsOf } from "../settings.ts";

/**
 * Formats the response to a create. Outputs have no url yet; a model or style that the request does not name is absent
 * [inferred].
 */
export function formatCreated(generation: Generation, creditsRemaining: number, sandbox: Sandbox) {
  const { descriptions } = attributesOf(generation);
  const media = observeAtCreation(generation).outputs.map(({ id, width, height, medium }): CreatedMedia => {
    const { model, style } = descriptions[id] ?? {};
    return {
      id,
      dim: { height, width },
      ...(model !== undefined && { model }),
      status: "initiated",
      ...(style !== undefined && { style: style.name, style_detail: style }),
      type: medium === "video" ? "video" : "image",
    };
  });
  return {
    credits_remaining: creditsRemaining,
    generation_id: generation.id,
    result: "initiated" as const,
    media,
    ...(settingsOf(sandbox).dataImages && { images: media }),
  };
}

export function formatGeneration(observed: Observation, place: Place): GenerationData {
  const { generation, outputs } = observed;
  return {
    created_at: Math.floor(generation.createdAt / 1000),
    generation_id: generation.id,
    ...(settingsOf(place.sandbox).dataResult && { result: resultOf(observed) }),
    media: outputs.map((output) => formatMedia(output, place)),
  };
}

export function formatMedia(output: OutputObservation, { sandbox, origin }: Place): MediaItem {
  const { id, width, height, medium, format } = output;
  const facts = { id, dim: { height, width }, type: medium === "video" ? ("video" as const) : ("image" as const) };
  switch (output.state) {
    case "unfinished":
      return { ...facts, status: "pending" };
    case "succeeded":
      return {
        ...facts,
        status: "success",
        url: mediaUrl(sandbox, origin, { vendor: "affogato", name: `${id}.${format}` }),
      };
    // The newer routes have no status for a censored output, so it is `failed` [inferred].
    case "censored":
    case "failed":
    case "cancelled":
      return { ...facts, status: "failed", url: "" };
  }
}

/**
 * Formats an image for the deprecated status routes. Returns undefined for an unfinished image, because these routes
 * have no status for it [seed], unless the sandbox sets `pendingInStatus`.
 */
export function formatImageStatus({ id, state }: OutputObservation, sandbox: Sandbox): ImageStatus | undefined {
  switch (state) {
    case "unfinished":
      return settingsOf(sandbox).pendingInStatus ? { image_id: id, status: "pending" } : undefined;
    case "succeeded":
      return { image_id: id, status: "success" };
    case "censored":
      return { image_id: id, status: "censored" };
    case "failed":
    case "cancelled":
      return { image_id: id, status: "failed" };
  }
}

/** Returns whether the generation has an output with this status. */
export function hasStatus(generation: Generation, status: "success" | "failed", now: number): boolean {
  return observe(generation, now).outputs.some(({ state }) =>
    status === "success" ? state === "succeeded" : state !== "succeeded" && state !== "unfinished",
  );
}

function resultOf({ phase }: Observation): "pending" | "completed" | "failed" {
  if (!isTerminal(phase)) return "pending";
  return phase === "succeeded" ? "completed" : "failed";
}
