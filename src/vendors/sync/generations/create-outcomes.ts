/** Lists every response of POST /v2/generate, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { lipsync, marked, UNKNOWN_ID, rejectedKeys, states } from "../provocations.ts";

const [video, audio] = lipsync.input;
const text = {
  type: "text",
  provider: { name: "elevenlabs", voiceId: "EXAVITQu4vr4xnSDxMaL", script: "Hello." },
} as const;

const create: Provocation = { account: "main", method: "POST", path: "/v2/generate", body: lipsync };
const posting = (change: Readonly<Record<string, unknown>>): Provocation => ({
  ...create,
  body: { ...lipsync, ...change },
});
const refused = (code: string): Provocation => ({ ...create, body: marked(`error=${code}`) });

/** Each error of a create that has a code of the catalogue, with a request that provokes it. */
const unusable: readonly (readonly [number, string, Outcome["source"], Provocation])[] = [
  [400, "generation_unsupported_model", "client", posting({ model: "lipsync-9" })],
  [400, "INVALID_IDEMPOTENCY_KEY", "doc", { ...create, headers: { "idempotency-key": "no spaces, please" } }],
  [402, "account_payment_required", "inferred", { ...create, account: "broke" }],
  // Each generation ends at once, because the free plan runs one at a time.
  [
    402,
    "free_tier_generations_exhausted",
    "doc",
    { ...create, account: "free", times: 4, settings: { timing: "instant" } },
  ],
  [402, "plan_feature_unavailable", "inferred", { ...posting({ model: "react-1" }), account: "free" }],
  [403, "account_on_hold", "inferred", refused("account_on_hold")],
  [404, "asset_not_found", "inferred", posting({ input: [{ type: "video", assetId: UNKNOWN_ID }, audio] })],
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
    "generation_input_face_selection_invalid",
    "doc",
    posting({
      model: "sync-3",
      input: [{ type: "image", url: "https://media.test/face.png" }, audio],
      options: { active_speaker_detection: { auto_detect: true } },
    }),
  ],
  [
    422,
    "voice_not_found",
    "inferred",
    posting({ input: [video, { ...text, provider: { ...text.provider, voiceId: "unknown-voice" } }] }),
  ],
  [
    422,
    "generation_input_asset_type_mismatch",
    "client",
    {
      ...posting({ input: [video, { type: "audio", assetId: "{id}" }] }),
      before: [{ account: "main", method: "POST", path: "/v2/assets", body: { url: video.url, type: "VIDEO" } }],
    },
  ],
  // These errors depend on the length or size of an uploaded file; a marker replaces such a file here.
  [422, "generation_model_duration_exceeded", "inferred", refused("generation_model_duration_exceeded")],
  [422, "generation_plan_duration_exceeded", "inferred", refused("generation_plan_duration_exceeded")],
  [422, "file_size_exceeds_plan_limit", "doc", refused("file_size_exceeds_plan_limit")],
  [422, "project_not_found", "doc", posting({ projectId: UNKNOWN_ID })],
  [422, "dialogue_edit_retime_required", "doc", posting({ input: [video], dialogueEdit: { id: UNKNOWN_ID } })],
  [
    422,
    "dialogue_edit_not_found",
    "inferred",
    {
      ...posting({ input: [video], dialogueEdit: { id: UNKNOWN_ID } }),
      settings: { vendors: { sync: { dialogueEdits: "all" } } },
    },
  ],
  [422, "dialogue_edit_removal_too_large", "doc", refused("dialogue_edit_removal_too_large")],
  [429, "concurrency_limit_reached", "client", { ...create, account: "limited", times: 2 }],
  [429, "concurrency_limit_reached", "doc", { ...create, account: "free", times: 2 }],
  [429, "concurrency_limit_reached", "client", refused("concurrency_limit_reached")],
  [500, "internal_error", "doc", refused("internal_error")],
  [503, "generation_infra_service_unavailable", "inferred", refused("generation_infra_service_unavailable")],
  [503, "IDEMPOTENCY_OUTCOME_UNKNOWN", "doc", refused("IDEMPOTENCY_OUTCOME_UNKNOWN")],
  [503, "elevenlabs_service_unavailable", "doc", refused("elevenlabs_service_unavailable")],
  [
    503,
    "IDEMPOTENCY_OUTCOME_UNKNOWN",
    "doc",
    { ...refused("elevenlabs_service_unavailable"), headers: { "idempotency-key": "order-2" } },
  ],
  [504, "controller_timeout", "inferred", refused("controller_timeout")],
];

const keyed = { ...create, headers: { "idempotency-key": "order-1" } } as const;
const replayed = (marker: string, advance: string): Provocation => {
  const sent = { ...keyed, body: marked(marker) };
  return { ...sent, before: [sent], advance };
};

export const creatingOutcomes: readonly Outcome[] = [
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
