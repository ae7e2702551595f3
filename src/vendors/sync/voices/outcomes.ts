/** Lists every response of the voice routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { UNKNOWN_ID, rejectedKeys } from "../provocations.ts";

const slotFor = (contentType: string, account = "main"): Provocation => ({
  account,
  method: "POST",
  path: "/v2/assets/upload",
  body: { fileName: "sample", contentType, size: 5 },
});
const putOf = (contentType: string): Provocation => ({
  method: "PUT",
  path: "{uploadUrl}",
  rawBody: "bytes",
  headers: { "content-type": contentType },
});
const uploaded = (contentType: string, account?: string): Provocation[] => [
  slotFor(contentType, account),
  putOf(contentType),
];
const sample = { provider: "elevenlabs", name: "Narrator", url: "{url}" } as const;
const clone: Provocation = {
  account: "main",
  method: "POST",
  path: "/v2/voices",
  body: sample,
  before: uploaded("audio/wav"),
};
const refusing = (code: string): Provocation => ({
  ...clone,
  body: { ...sample, name: `Narrator fauxgen:error=${code}` },
});
const list: Provocation = { account: "main", method: "GET", path: "/v2/voices" };
const read: Provocation = {
  account: "main",
  method: "GET",
  path: "/v2/voices/EXAVITQu4vr4xnSDxMaL?provider=elevenlabs",
};
const remove: Provocation = {
  account: "main",
  method: "DELETE",
  path: "/v2/voices/{id}",
  before: [...uploaded("audio/wav"), { account: "main", method: "POST", path: "/v2/voices", body: sample }],
};

/** Each documented refusal of a sample or a clone, with a request that provokes it. */
const refusals: readonly (readonly [number, string, Provocation])[] = [
  [403, "voice_clone_limit_reached", { ...clone, account: "free", before: uploaded("audio/wav", "free") }],
  [409, "voice_name_conflict", { ...clone, body: { ...sample, name: "Rachel" } }],
  [413, "voice_sample_source_too_large", refusing("voice_sample_source_too_large")],
  [422, "voice_sample_not_accessible", { ...clone, account: "other" }],
  [422, "voice_sample_type_unsupported", { ...clone, before: uploaded("image/png") }],
  [422, "voice_sample_upload_required", { ...clone, body: { ...sample, url: "https://media.test/sample.wav" } }],
  [422, "voice_sample_too_short", refusing("voice_sample_too_short")],
  [422, "voice_sample_extraction_failed", refusing("voice_sample_extraction_failed")],
  [422, "voice_sample_invalid", refusing("voice_sample_invalid")],
  [503, "voice_clone_busy", refusing("voice_clone_busy")],
];

export const voiceOutcomes: readonly Outcome[] = [
  { operation: "listVoices", status: 200, code: "EXAVITQu4vr4xnSDxMaL", sign: "", source: "doc", provoke: list },
  { operation: "listVoices", status: 200, source: "doc", provoke: { ...list, path: "/v2/voices?provider=elevenlabs" } },
  { operation: "listVoices", status: 400, source: "doc", provoke: { ...list, path: "/v2/voices?provider=other" } },
  ...rejectedKeys("listVoices", list),
  { operation: "getVoice", status: 200, code: "Rachel", sign: "", source: "doc", provoke: read },
  {
    operation: "getVoice",
    status: 404,
    code: "voice_not_found",
    source: "doc",
    provoke: { ...read, path: `/v2/voices/${UNKNOWN_ID}` },
  },
  ...rejectedKeys("getVoice", read),
  { operation: "cloneVoice", status: 201, source: "client", provoke: clone },
  {
    operation: "cloneVoice",
    status: 400,
    source: "client",
    provoke: { ...clone, body: { ...sample, assetId: UNKNOWN_ID } },
  },
  {
    operation: "cloneVoice",
    status: 400,
    source: "doc",
    provoke: { ...clone, body: { ...sample, name: "n".repeat(101) } },
  },
  { operation: "cloneVoice", status: 400, source: "inferred", provoke: { ...clone, body: { provider: "other" } } },
  ...refusals.map(([status, code, provoke]): Outcome => ({
    operation: "cloneVoice",
    status,
    code,
    source: "doc",
    provoke,
  })),
  {
    operation: "cloneVoice",
    status: 429,
    code: "Rate limit exceeded",
    source: "doc",
    provoke: { ...clone, account: "limited", times: 11 },
  },
  ...rejectedKeys("cloneVoice", clone),
  { operation: "deleteVoice", status: 200, code: "true", sign: "", source: "doc", provoke: remove },
  {
    operation: "deleteVoice",
    status: 404,
    code: "voice_not_found",
    source: "doc",
    provoke: { ...remove, account: "other" },
  },
  ...rejectedKeys("deleteVoice", remove),
];
