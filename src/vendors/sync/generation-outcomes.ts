import type { Outcome, Provocation } from "../../http/outcomes.ts";
import { withoutAccount, NOBODY, rejectedKeys } from "./outcome-parts.ts";

const video = { type: "video", url: "https://media.test/face.mp4" };
const audio = { type: "audio", url: "https://media.test/speech.wav" };
const text = { type: "text", provider: { name: "elevenlabs", voiceId: "EXAVITQu4vr4xnSDxMaL", script: "Hello." } };
const lipsync = { model: "lipsync-2", input: [video, audio] };

const create: Provocation = { account: "main", method: "POST", path: "/v2/generate", body: lipsync };
const posting = (change: Readonly<Record<string, unknown>>): Provocation => ({
  ...create,
  body: { ...lipsync, ...change },
});

/** sync's bodies have no free text, so a marker stands in the last segment of an input's URL. */
const marked = (marker: string) => ({
  ...lipsync,
  input: [{ ...video, url: `https://media.test/fauxgen:${marker}.mp4` }, audio],
});

const from = (method: string, path: string): Provocation => ({
  account: "main",
  method,
  path,
  create: { body: lipsync },
});
const read = from("GET", "/v2/generate/{id}");
const readById = from("GET", "/v2/generations/{id}");
const remove = from("DELETE", "/v2/generations/{id}");
const download = from("GET", "/v2/generations/{id}/download");
const refused = (marker: string): Provocation => ({ ...create, body: marked(`error=${marker}`) });
const ending = (provocation: Provocation, marker: string): Provocation => ({
  ...provocation,
  create: { body: marked(marker) },
  advance: "10s",
});
const done = (provocation: Provocation): Provocation => ({ ...provocation, advance: "10s" });

/** Each problem of a create that has a code of the catalogue, with a body that has it. */
const unusable: readonly (readonly [number, string, Outcome["source"], Provocation])[] = [
  [400, "generation_unsupported_model", "client", posting({ model: "lipsync-9" })],
  [400, "INVALID_IDEMPOTENCY_KEY", "doc", { ...create, headers: { "idempotency-key": "no spaces, please" } }],
  [402, "account_payment_required", "inferred", { ...create, account: "broke" }],
  [402, "free_tier_generations_exhausted", "doc", { ...create, account: "free", times: 4 }],
  [402, "plan_feature_unavailable", "inferred", { ...posting({ model: "react-1" }), account: "free" }],
  [403, "account_on_hold", "inferred", refused("account_on_hold")],
  [404, "asset_not_found", "inferred", posting({ input: [{ type: "video", assetId: NOBODY }, audio] })],
  [413, "generation_input_validation_failed", "doc", posting({ outputFileName: "x".repeat(1024 * 1024 + 1) })],
  [422, "generation_input_validation_failed", "inferred", posting({ input: [video] })],
  [422, "generation_input_too_many_visual", "client", posting({ input: [video, video, audio] })],
  [422, "generation_input_dub_audio_conflict", "client", posting({ dubParams: { targetLang: "es" } })],
  [
    422,
    "generation_input_segments_invalid",
    "client",
    posting({ segments: [{ startTime: 2, endTime: 1, audioInput: { refId: "a" } }] }),
  ],
  [
    422,
    "generation_input_trim_invalid",
    "inferred",
    posting({ input: [{ ...video, segments_secs: [[5, 1]] }, audio] }),
  ],
  [
    422,
    "generation_input_face_selection_invalid",
    "inferred",
    posting({ options: { active_speaker_detection: { coordinates: [1] } } }),
  ],
  [
    422,
    "voice_not_found",
    "inferred",
    posting({ input: [video, { ...text, provider: { ...text.provider, voiceId: "unknown-voice" } }] }),
  ],
  [422, "project_not_found", "doc", posting({ projectId: NOBODY })],
  [429, "concurrency_limit_reached", "client", { ...create, account: "limited", times: 2 }],
  [500, "internal_error", "doc", refused("internal_error")],
  [503, "generation_infra_service_unavailable", "inferred", refused("generation_infra_service_unavailable")],
  [503, "IDEMPOTENCY_OUTCOME_UNKNOWN", "doc", refused("IDEMPOTENCY_OUTCOME_UNKNOWN")],
  [504, "controller_timeout", "inferred", refused("controller_timeout")],
];

const keyed = { ...create, headers: { "idempotency-key": "order-1" } };
const replayed = (marker: string, advance: string): Provocation => {
  const sent = { ...keyed, body: marked(marker) };
  return { ...sent, before: [sent], advance };
};

/** Each state of a generation, and what leads there; the engine's fast timing is taken for granted. */
const states = [
  { phase: "queued", marker: "succeed", advance: "0s" },
  { phase: "processing", marker: "succeed", advance: "1s" },
  { phase: "succeeded", marker: "succeed", advance: "10s" },
  { phase: "failed", marker: "fail", advance: "10s" },
  { phase: "rejected", marker: "reject", advance: "10s" },
] as const;

const ended = states.filter(({ advance }) => advance === "10s");

const creating: readonly Outcome[] = [
  { operation: "createGeneration", status: 201, phase: "queued", source: "client", provoke: create },
  { operation: "createGeneration", status: 400, source: "inferred", provoke: { ...create, body: {} } },
  ...states.map(({ phase, marker, advance }): Outcome => ({
    operation: "createGeneration",
    status: 201,
    phase,
    source: "inferred",
    provoke: replayed(marker, advance),
  })),
  {
    operation: "createGeneration",
    status: 409,
    code: "generation_conflict",
    source: "inferred",
    provoke: { ...keyed, before: [{ ...keyed, body: marked("succeed") }] },
  },
  ...rejectedKeys("createGeneration", create),
  ...unusable.map(([status, code, source, provoke]): Outcome => ({
    operation: "createGeneration",
    status,
    code,
    source,
    provoke,
  })),
  {
    operation: "createGeneration",
    status: 429,
    vintage: "2026-06",
    source: "doc",
    provoke: { ...posting({ model: "lipsync-9" }), account: "limited", times: 101 },
  },
  {
    operation: "createGeneration",
    status: 429,
    code: "rate_limit_exceeded",
    vintage: "2026-11",
    source: "doc",
    provoke: { ...posting({ model: "lipsync-9" }), account: "limited", times: 101 },
  },
];

const waiting = (query: string): Provocation => done({ ...read, path: `/v2/generate/{id}?${query}` });

const reading: readonly Outcome[] = [
  ...statesOf("getGeneration", read, "seed"),
  {
    operation: "getGeneration",
    status: 200,
    phase: "failed",
    code: "generation_input_video_inaccessible",
    source: "seed",
    provoke: ending(read, "fail=generation_input_video_inaccessible"),
  },
  ...statesOf("getGeneration", { ...read, path: "/v2/generate/{id}?include=progress" }, "seed"),
  {
    operation: "getGeneration",
    status: 200,
    phase: "succeeded",
    source: "seed",
    provoke: { ...read, path: "/v2/generate/{id}?wait=true", meanwhile: "2s" },
  },
  {
    operation: "getGeneration",
    status: 200,
    phase: "processing",
    source: "seed",
    provoke: {
      ...read,
      path: "/v2/generate/{id}?wait=true&timeout=55",
      create: { body: marked("stuck") },
      meanwhile: "55s",
    },
  },
  ...ended.map(({ phase, marker }): Outcome => ({
    operation: "getGeneration",
    status: 200,
    phase,
    vintage: "2026-11",
    source: "doc",
    provoke: { ...ending(read, marker), path: "/v2/generate/{id}?wait=true" },
  })),
  {
    operation: "getGeneration",
    status: 200,
    phase: "processing",
    vintage: "2026-11",
    source: "doc",
    provoke: { ...read, path: "/v2/generate/{id}?wait=true", create: { body: marked("stuck") }, meanwhile: "5s" },
  },
  {
    operation: "getGeneration",
    status: 200,
    phase: "queued",
    vintage: "2026-11",
    source: "doc",
    provoke: {
      ...read,
      path: "/v2/generate/{id}?wait=true&timeout=1",
      settings: { timing: { queued: "1m" } },
      meanwhile: "1s",
    },
  },
  { operation: "getGeneration", status: 400, source: "seed", provoke: waiting("wait=true&include=progress") },
  { operation: "getGeneration", status: 400, source: "inferred", provoke: waiting("wait=perhaps") },
  { operation: "getGeneration", status: 400, source: "inferred", provoke: waiting("wait=true&timeout=0") },
  {
    operation: "getGeneration",
    status: 400,
    vintage: "2026-11",
    source: "doc",
    provoke: waiting("wait=true&timeout=55"),
  },
  ...rejectedKeys("getGeneration", read),
  ...missing("getGeneration", read),
  {
    operation: "getGeneration",
    status: 429,
    source: "doc",
    provoke: { ...read, account: "limited", create: { body: lipsync, account: "limited" }, times: 601 },
  },
  {
    operation: "getGeneration",
    status: 500,
    code: "internal_error",
    source: "seed",
    provoke: ending(read, "read-error=internal_error"),
  },
];

const collection: readonly Outcome[] = [
  { operation: "listGenerations", status: 200, source: "sdk", provoke: from("GET", "/v2/generations") },
  {
    operation: "listGenerations",
    status: 400,
    source: "doc",
    provoke: from("GET", "/v2/generations?status=FINISHED"),
  },
  ...rejectedKeys("listGenerations", from("GET", "/v2/generations")),
  ...statesOf("getGenerationById", readById, "client"),
  ...rejectedKeys("getGenerationById", readById),
  ...missing("getGenerationById", readById),
  ...statesOf("deleteGeneration", remove, "doc", ended),
  {
    operation: "deleteGeneration",
    status: 409,
    code: "generation_not_deletable_while_processing",
    source: "doc",
    provoke: remove,
  },
  ...rejectedKeys("deleteGeneration", remove),
  ...missing("deleteGeneration", remove),
];

const files: readonly Outcome[] = [
  { operation: "downloadOutput", status: 200, source: "doc", provoke: done(download) },
  { operation: "downloadOutput", status: 400, source: "inferred", provoke: download },
  ...rejectedKeys("downloadOutput", download),
  ...missing("downloadOutput", download),
  {
    operation: "getGenerationResult",
    status: 302,
    source: "client",
    provoke: { ...done(read), link: "outputUrl" },
  },
  {
    operation: "getGenerationResult",
    status: 400,
    source: "client",
    provoke: from("GET", `/v2/generations/{id}/result?token=${NOBODY}`),
  },
  {
    operation: "getGenerationResult",
    status: 404,
    code: "generation_not_found",
    source: "client",
    provoke: withoutAccount(done(from("GET", `/v2/generations/{id}/result?token=${NOBODY}&sandbox=world`))),
  },
];

export const generationOutcomes: readonly Outcome[] = [...creating, ...reading, ...collection, ...files];

/** What a route answers of a generation in each of these states. */
function statesOf(
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

/** 404 for an unknown id, another organisation's and, in one vintage, a malformed one. */
function missing(operation: Outcome["operation"], provoke: Provocation): Outcome[] {
  const notFound = { operation, status: 404, code: "generation_not_found" } as const;
  const { create: _create, ...bare } = provoke;
  const at = (id: string): Provocation => ({ ...bare, path: provoke.path.replace("{id}", id) });
  return [
    { ...notFound, source: "seed", provoke: at(NOBODY) },
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
