/** Provides the requests and outcomes that the outcome lists of several resources share. */
import type { Outcome, Provocation } from "../../http/errors/outcome.ts";

/** A UUID that belongs to no resource. */
export const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

const video = { type: "video", url: "https://media.test/face.mp4" } as const;
const audio = { type: "audio", url: "https://media.test/speech.wav" } as const;

/** The body of a create that succeeds. */
export const lipsync = { model: "lipsync-2", input: [video, audio] } as const;

/**
 * Builds the same body with a scenario marker. sync's bodies have no free text, so the marker is the last segment of an
 * input's URL.
 */
export const marked = (marker: string) => ({
  ...lipsync,
  input: [{ ...video, url: `https://media.test/fauxgen:${marker}.mp4` }, audio],
});

/** Each state of a generation, with the marker and the clock advance that lead to it under the engine's fast timing. */
export const states = [
  { phase: "queued", marker: "succeed", advance: "0s" },
  { phase: "processing", marker: "succeed", advance: "1s" },
  { phase: "succeeded", marker: "succeed", advance: "10s" },
  { phase: "failed", marker: "fail", advance: "10s" },
  { phase: "rejected", marker: "reject", advance: "10s" },
] as const;

export const ended: readonly (typeof states)[number][] = states.filter(({ advance }) => advance === "10s");

export function withoutAccount({ account: _account, ...provocation }: Provocation): Provocation {
  return provocation;
}

/** Lists the 401s of a route that needs a key: without a key, with an unknown key, and with a revoked key. */
export function rejectedKeys(operation: Outcome["operation"], provoke: Provocation): Outcome[] {
  const keyless = withoutAccount(provoke);
  return [
    { operation, status: 401, source: "client", provoke: keyless },
    { operation, status: 401, source: "client", provoke: { ...keyless, key: "sk-unknown" } },
    { operation, status: 401, source: "client", provoke: { ...keyless, account: "revoked" } },
  ];
}

/** Lists the responses of a route for a generation in each of these states. */
export function statesOf(
  operation: Outcome["operation"],
  provoke: Provocation,
  source: Outcome["source"],
  among: readonly (typeof states)[number][] = states,
): Outcome[] {
  return among.map(({ phase, marker, advance }) => ({
    operation,
    status: 200,
    phase,
    source,
    provoke: { ...provoke, create: { body: marked(marker) }, advance },
  }));
}

/** Lists the 404s for an unknown id, for another organisation's id and, in one vintage, for a malformed id. */
export function missing(operation: Outcome["operation"], provoke: Provocation): Outcome[] {
  const notFound = { operation, status: 404, code: "generation_not_found" } as const;
  const { create: _create, ...bare } = provoke;
  const at = (id: string): Provocation => ({ ...bare, path: provoke.path.replace("{id}", id) });
  return [
    { ...notFound, source: "seed", provoke: at(UNKNOWN_ID) },
    { ...notFound, source: "inferred", provoke: { ...provoke, account: "other" } },
    { ...notFound, source: "inferred", vintage: "2026-06", provoke: at("42") },
    {
      operation,
      status: 400,
      code: "invalid_generation_id",
      source: "inferred",
      vintage: "2026-11",
      provoke: at("42"),
    },
  ];
}
