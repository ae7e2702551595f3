/** Defines how control shows a generation: in the same form and the engine's terms for every vendor. */
import { z } from "zod";
import type { Generation, Output } from "../../engine/model/generation.ts";
import { observe } from "../../engine/model/observation.ts";
import { phases } from "../../engine/model/phases.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../http/parsing/media-url.ts";
import { showInstant, shownInstant } from "../instants.ts";

const phase = z.enum(phases);
const failure = z.strictObject({ code: z.string().nullable(), message: z.string() });

export const shownGeneration = z.strictObject({
  id: z.string(),
  vendor: z.string(),
  kind: z.string(),
  account: z.string(),
  label: z.string().nullable(),
  phase,
  model: z.string(),
  medium: z.enum(["image", "video", "audio"]),
  scenario: z.strictObject({
    name: z.string(),
    code: z.string().nullable(),
    source: z
      .string()
      .meta({ description: "Source of the choice: header, rule, marker, sandbox, configured or control" }),
  }),
  failure: failure
    .nullable()
    .meta({ description: "Failure with which it ends, decided at its creation; null if it does not fail" }),
  createdAt: shownInstant,
  startedAt: shownInstant.nullable(),
  endedAt: shownInstant.nullable(),
  nextAt: shownInstant.nullable().meta({ description: "Time of its next transition; null if none is planned" }),
  elapsedMs: z.int(),
  progress: z.int(),
  cost: z.number(),
  reads: z.int().meta({ description: "Number of counted status reads" }),
  heldRequests: z.int(),
  timeline: z.strictObject({
    steps: z.array(z.strictObject({ phase, at: shownInstant })),
    open: z
      .array(z.strictObject({ phase, afterMs: z.number() }))
      .meta({ description: "Further steps, whose times depend on a release or on counted reads" }),
    polls: z.int().nullable(),
  }),
  outputs: z.array(
    z.strictObject({
      id: z.string(),
      medium: z.enum(["image", "video", "audio"]),
      format: z.string(),
      width: z.number(),
      height: z.number(),
      durationSeconds: z.number().nullable(),
      url: z.string().nullable().meta({ description: "URL of the file; null unless the output has succeeded" }),
      state: z.enum(["unfinished", "succeeded", "failed", "censored", "cancelled"]),
      failure: failure.nullable(),
    }),
  ),
  request: z.unknown().meta({ description: "The client's request, as the vendor stores it" }),
});

export type ShownGeneration = z.output<typeof shownGeneration>;

/** Returns the document of a generation at the present time of the sandbox's clock. */
export function showGeneration(sandbox: Sandbox, generation: Generation): ShownGeneration {
  const observed = observe(generation, sandbox.clock.now());
  const { createdAt, timeline, scenario } = generation;
  const shown = (instant: number | null | undefined): string | null =>
    instant === null || instant === undefined ? null : showInstant(instant);
  return {
    id: generation.id,
    vendor: generation.vendor,
    kind: generation.kind,
    account: generation.account,
    label: generation.label,
    phase: observed.phase,
    model: generation.model,
    medium: generation.medium,
    scenario: { name: scenario.name, code: scenario.code ?? null, source: scenario.source },
    failure: generation.failure ?? null,
    createdAt: showInstant(createdAt),
    startedAt: shown(observed.startedAt),
    endedAt: shown(observed.endedAt),
    nextAt: shown(generation.nextAt),
    elapsedMs: observed.elapsedMs,
    progress: observed.progress,
    cost: generation.cost,
    reads: generation.reads,
    heldRequests: sandbox.heldRequests.countOf(generation.rowId),
    timeline: {
      steps: timeline.steps.map((step) => ({ phase: step.phase, at: showInstant(createdAt + step.offset) })),
      open: timeline.open.map((step) => ({ phase: step.phase, afterMs: step.after })),
      polls: timeline.polls ?? null,
    },
    outputs: observed.outputs.map((output) => ({
      id: output.id,
      medium: output.medium,
      format: output.format,
      width: output.width,
      height: output.height,
      durationSeconds: output.durationSeconds ?? null,
      url: output.state === "succeeded" ? urlOf(sandbox, generation, output) : null,
      state: output.state,
      failure: output.failure ?? null,
    })),
    request: generation.request ?? null,
  };
}

function urlOf(
  sandbox: Sandbox,
  { vendor, origin }: Generation,
  { id, format }: Pick<Output, "id" | "format">,
): string {
  return mediaUrl(sandbox, origin, { vendor, name: `${id}.${format}` });
}
