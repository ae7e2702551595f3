/** Lists every response of the speech routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { UNKNOWN_ID, rejectedKeys } from "../provocations.ts";

const speech = { script: "Hello from a test.", voiceId: "EXAVITQu4vr4xnSDxMaL", provider: "elevenlabs" } as const;
const speak: Provocation = { account: "main", method: "POST", path: "/v2/tts", body: speech };
const start: Provocation = { ...speak, path: "/v2/tts/jobs" };
const keyed = { ...start, headers: { "idempotency-key": "hello-1" } } as const;
const read: Provocation = { account: "main", method: "GET", path: "/v2/tts/jobs/{id}", before: [start] };
const scripted = (provocation: Provocation, script: string): Provocation => ({
  ...provocation,
  body: { ...speech, script },
});

/** Lists the refusals of both speech routes [doc: tts-api]. */
const refusals = (operation: Outcome["operation"], provocation: Provocation): Outcome[] => [
  { operation, status: 400, source: "doc", provoke: scripted(provocation, "x".repeat(5001)) },
  ...(
    [
      [400, "voice_access_denied"],
      [402, "elevenlabs_quota_exceeded"],
      [422, "elevenlabs_api_key_invalid"],
      [422, "voice_verification_required"],
      [422, "voice_blocked"],
      [503, "elevenlabs_service_unavailable"],
    ] as const
  ).map(([status, code]): Outcome => ({
    operation,
    status,
    code,
    source: "doc",
    provoke: scripted(provocation, `fauxgen:error=${code} Hello.`),
  })),
  {
    operation,
    status: 402,
    code: "free_tier_generations_exhausted",
    source: "inferred",
    provoke: { ...provocation, account: "free", times: 11 },
  },
  {
    operation,
    status: 422,
    code: "voice_not_found",
    source: "doc",
    provoke: { ...provocation, body: { ...speech, voiceId: "unknown-voice" } },
  },
  {
    operation,
    status: 429,
    code: "Rate limit exceeded",
    source: "doc",
    provoke: { ...provocation, account: "limited", times: 61 },
  },
  ...rejectedKeys(operation, provocation),
];

const failing: Provocation = { ...read, before: [scripted(start, "fauxgen:fail=elevenlabs_quota_exceeded Hello.")] };
const keyedFailing = scripted(keyed, "fauxgen:fail Hello.");

export const ttsOutcomes: readonly Outcome[] = [
  { operation: "createTts", status: 200, phase: "succeeded", source: "doc", provoke: speak },
  {
    operation: "createTts",
    status: 503,
    code: "elevenlabs_service_unavailable",
    source: "inferred",
    provoke: scripted(speak, "fauxgen:fail Hello."),
  },
  {
    operation: "createTts",
    status: 504,
    code: "elevenlabs_service_unavailable",
    source: "doc",
    provoke: scripted(speak, "fauxgen:stuck Hello."),
  },
  ...refusals("createTts", speak),
  { operation: "createTtsJob", status: 202, phase: "queued", source: "doc", provoke: start },
  {
    operation: "createTtsJob",
    status: 202,
    phase: "succeeded",
    source: "doc",
    provoke: { ...keyed, before: [keyed], advance: "10s" },
  },
  {
    operation: "createTtsJob",
    status: 202,
    phase: "processing",
    source: "inferred",
    provoke: { ...keyed, before: [keyed], advance: "1s" },
  },
  {
    operation: "createTtsJob",
    status: 202,
    code: "FAILED",
    phase: "failed",
    source: "inferred",
    provoke: { ...keyedFailing, before: [keyedFailing], advance: "10s" },
  },
  {
    operation: "createTtsJob",
    status: 400,
    code: "INVALID_IDEMPOTENCY_KEY",
    source: "doc",
    provoke: { ...start, headers: { "idempotency-key": "no spaces" } },
  },
  {
    operation: "createTtsJob",
    status: 409,
    code: "generation_conflict",
    source: "inferred",
    provoke: { ...keyed, before: [keyed], body: { ...speech, script: "Something else." } },
  },
  ...refusals("createTtsJob", start),
  { operation: "getTtsJob", status: 200, phase: "queued", source: "doc", provoke: read },
  { operation: "getTtsJob", status: 200, phase: "processing", source: "doc", provoke: { ...read, advance: "1s" } },
  { operation: "getTtsJob", status: 200, phase: "succeeded", source: "doc", provoke: { ...read, advance: "10s" } },
  {
    operation: "getTtsJob",
    status: 200,
    code: "FAILED",
    phase: "failed",
    source: "inferred",
    provoke: { ...failing, advance: "10s" },
  },
  { operation: "getTtsJob", status: 404, source: "inferred", provoke: { ...read, path: `/v2/tts/jobs/${UNKNOWN_ID}` } },
  { operation: "getTtsJob", status: 404, source: "inferred", provoke: { ...read, account: "other" } },
  ...rejectedKeys("getTtsJob", read),
];
