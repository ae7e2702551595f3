/** Lists the published responses of sync's voices and speech. */
import type { Answer, PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import type { Shape } from "./shape.ts";
import {
  array,
  isoMillis,
  literal,
  nullable,
  object,
  optional,
  positiveNumber,
  someText,
  url,
  uuidV4,
} from "./shape.ts";
import { badRequest, keyed, plainError, refusal, refusals } from "./sync-errors.ts";

const route = describeRoutes("sync");

const uuidText = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const none = literal(null);
const voice = object(
  {
    id: optional(someText),
    internalVoiceId: optional(someText),
    voiceId: optional(someText),
    name: optional(someText),
    provider: literal("elevenlabs"),
    previewUrl: optional(url),
    // voices-api/list: present when the voice cannot speak now; its values could not be read.
    restriction: optional(someText),
  },
  { order: true },
);

const voiceNotFound = refusal(404, "voice_not_found");

const ttsJob = (
  status: string,
  fields: {
    readonly url: Shape;
    readonly duration: Shape;
    readonly error: Shape;
    readonly times: readonly [Shape, Shape];
  },
): Shape =>
  object(
    {
      id: uuidV4,
      status: literal(status),
      url: fields.url,
      duration: fields.duration,
      error: fields.error,
      createdAt: isoMillis,
      startedAt: fields.times[0],
      finishedAt: fields.times[1],
    },
    { order: true },
  );

const ttsJobs = {
  PENDING: ttsJob("PENDING", { url: none, duration: none, error: none, times: [none, none] }),
  PROCESSING: ttsJob("PROCESSING", { url: none, duration: none, error: none, times: [isoMillis, none] }),
  SUCCESS: ttsJob("SUCCESS", { url, duration: positiveNumber, error: none, times: [isoMillis, isoMillis] }),
  // The page shows error only as null; its type is inferred, and so is a job that fails before it starts.
  FAILED: ttsJob("FAILED", { url: none, duration: none, error: someText, times: [nullable(isoMillis), isoMillis] }),
} as const;

const ttsRefusals: readonly Answer[] = [
  badRequest(),
  refusal(402, "elevenlabs_quota_exceeded"),
  refusal(402, "free_tier_generations_exhausted", "inferred"),
  refusals(422),
  refusals(503),
];

export const syncVoiceResponses: readonly PublishedResponse[] = [
  ...route("listVoices", "GET /v2/voices", [
    { status: 200, body: array(voice), source: "doc", note: "built-in voices and clones, a bare array" },
    badRequest(),
    ...keyed,
  ]),
  ...route("getVoice", "GET /v2/voices/{id}", [{ status: 200, body: voice, source: "doc" }, voiceNotFound, ...keyed]),
  ...route("cloneVoice", "POST /v2/voices", [
    { status: 201, body: voice, source: "client", note: "as in the fixture of the vendor's tool server" },
    badRequest(),
    refusal(403, "voice_clone_limit_reached"),
    refusal(409, "voice_name_conflict"),
    refusal(413, "voice_sample_source_too_large"),
    refusals(422),
    refusals(503),
    ...keyed,
  ]),
  ...route("deleteVoice", "DELETE /v2/voices/{id}", [
    { status: 200, body: literal(true), source: "doc" },
    voiceNotFound,
    ...keyed,
  ]),
  ...route("createTts", "POST /v2/tts", [
    { status: 200, body: object({ id: uuidV4, url, duration: positiveNumber }, { order: true }), source: "doc" },
    ...ttsRefusals,
    // A request that starts a job does not wait for the provider, so the job route does not have this answer.
    refusal(504, "elevenlabs_service_unavailable"),
    ...keyed,
  ]),
  ...route("createTtsJob", "POST /v2/tts/jobs", [
    ...Object.entries(ttsJobs).map(([state, body]): Answer => ({
      status: 202,
      state,
      body,
      headers: { location: new RegExp(`/v2/tts/jobs/${uuidText}$`) },
      source: state === "PENDING" ? "doc" : "inferred",
      note: "a replay answers the original job in its current state",
    })),
    refusal(400, "INVALID_IDEMPOTENCY_KEY"),
    refusals(409),
    ...ttsRefusals,
    ...keyed,
  ]),
  ...route("getTtsJob", "GET /v2/tts/jobs/{id}", [
    ...Object.entries(ttsJobs).map(([state, body]): Answer => ({
      status: 200,
      state,
      body,
      ...(state === "PENDING" || state === "PROCESSING" ? { headers: { "retry-after": /^3$/ } } : {}),
      source: state === "FAILED" ? "inferred" : "doc",
    })),
    { status: 404, body: plainError(404), source: "inferred", note: "the catalogue has no code for speech jobs" },
    ...keyed,
  ]),
];
