/** Lists every response of the transcription routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { rejectedKeys, UNKNOWN_ID } from "../provocations.ts";

/** A file on sync's own host, which the documentation's example uses; a marker in its name chooses the scenario. */
const stored = (name: string): string => `https://assets.sync.so/docs/${name}.mp4`;
const body = { sourceVideoUrl: stored("example-video") } as const;
const failing = (code: string) => ({ sourceVideoUrl: stored(`fauxgen:fail=${code}`) });

const create: Provocation = { account: "main", method: "POST", path: "/v2/transcriptions", body };
const creating = (sent: unknown): Provocation => ({ ...create, body: sent });
const read: Provocation = { account: "main", method: "GET", path: "/v2/transcriptions/{id}", before: [create] };

const analysisPath = "/v2/transcriptions/{id}/speaker-analysis";
const readAnalysis: Provocation = { ...read, path: analysisPath };

/** Reads an analysis; `revision` and `sourceVideoUrl` come from the transcription that was read before it. */
const analyze: Provocation = {
  account: "main",
  method: "POST",
  path: analysisPath,
  body: { revision: "{revision}", sourceVideoUrl: body.sourceVideoUrl },
};

/** With instant timing, the transcription has completed before the next request. */
const atOnce = { settings: { timing: "instant" }, before: [create, read] } as const;
const analyzeAtOnce: Provocation = { ...analyze, ...atOnce };
const failingAnalysis: Provocation = {
  ...analyze,
  body: { ...body, revision: "{revision}" },
  headers: { "x-fauxgen-scenario": "fail=analysis_timeout" },
};

/** Lists the 400 and the 404s of a transcription's id. */
const missing = (operation: Outcome["operation"], provoke: Provocation): Outcome[] => {
  const { before: _before, ...bare } = provoke;
  const at = (id: string): Provocation => ({ ...bare, path: provoke.path.replace("{id}", id) });
  return [
    { operation, status: 400, source: "doc", provoke: at("42") },
    { operation, status: 404, source: "doc", provoke: at(UNKNOWN_ID) },
    { operation, status: 404, source: "doc", provoke: { ...provoke, account: "other" } },
  ];
};

export const transcriptionOutcomes: readonly Outcome[] = [
  { operation: "createTranscription", status: 201, code: "PENDING", phase: "queued", source: "doc", provoke: create },
  ...(
    [
      ["PROCESSING", "processing", "1s"],
      ["COMPLETED", "succeeded", "10s"],
    ] as const
  ).map(([code, phase, advance]): Outcome => ({
    operation: "createTranscription",
    status: 201,
    code,
    phase,
    source: "doc",
    provoke: { ...create, before: [create], advance },
  })),
  { operation: "createTranscription", status: 400, source: "doc", provoke: creating({}) },
  {
    operation: "createTranscription",
    status: 400,
    code: "exactly one of",
    sign: "",
    source: "doc",
    provoke: creating({ ...body, sourceAudioUrl: stored("speech") }),
  },
  {
    operation: "createTranscription",
    status: 422,
    code: "file_not_in_org_storage",
    source: "inferred",
    provoke: creating({ sourceVideoUrl: "https://media.test/face.mp4" }),
  },
  {
    operation: "createTranscription",
    status: 422,
    code: "project_not_found",
    source: "inferred",
    provoke: creating({ ...body, projectId: UNKNOWN_ID }),
  },
  ...rejectedKeys("createTranscription", create),

  ...(
    [
      ["PENDING", "queued", "0s"],
      ["PROCESSING", "processing", "1s"],
      ["COMPLETED", "succeeded", "10s"],
    ] as const
  ).map(([code, phase, advance]): Outcome => ({
    operation: "getTranscription",
    status: 200,
    code,
    phase,
    source: "doc",
    provoke: { ...read, advance },
  })),
  ...["NO_AUDIO", "NO_AUDIO_TRACK", "SOURCE_TOO_LONG"].map((code): Outcome => ({
    operation: "getTranscription",
    status: 200,
    code,
    phase: "failed",
    source: "doc",
    provoke: { ...read, before: [creating(failing(code))], advance: "10s" },
  })),
  ...rejectedKeys("getTranscription", read),
  ...missing("getTranscription", read),

  {
    operation: "getSpeakerAnalysis",
    status: 200,
    code: "not_requested",
    source: "client",
    provoke: { ...readAnalysis, advance: "10s" },
  },
  {
    operation: "getSpeakerAnalysis",
    status: 200,
    code: "source_binding_unavailable",
    source: "client",
    provoke: { ...readAnalysis, before: [creating({ sourceAudioUrl: stored("speech") })], advance: "10s" },
  },
  { operation: "getSpeakerAnalysis", status: 409, source: "doc", provoke: readAnalysis },
  ...rejectedKeys("getSpeakerAnalysis", readAnalysis),
  ...missing("getSpeakerAnalysis", readAnalysis),

  {
    operation: "getSpeakerAnalysis",
    status: 200,
    code: "completed",
    phase: "succeeded",
    source: "inferred",
    provoke: { ...readAnalysis, ...atOnce, before: [...atOnce.before, analyze] },
  },
  {
    operation: "getSpeakerAnalysis",
    status: 200,
    code: "analysis_timeout",
    phase: "failed",
    source: "client",
    provoke: { ...readAnalysis, ...atOnce, before: [...atOnce.before, failingAnalysis] },
  },
  {
    operation: "analyzeSpeakers",
    status: 201,
    code: "processing",
    phase: "queued",
    source: "doc",
    provoke: analyzeAtOnce,
  },
  {
    operation: "analyzeSpeakers",
    status: 201,
    code: "completed",
    phase: "succeeded",
    source: "doc",
    provoke: { ...analyzeAtOnce, times: 2 },
  },
  {
    operation: "analyzeSpeakers",
    status: 201,
    code: "analysis_timeout",
    phase: "failed",
    source: "client",
    provoke: { ...failingAnalysis, ...atOnce, times: 2 },
  },
  {
    operation: "analyzeSpeakers",
    status: 422,
    source: "client",
    provoke: { ...analyzeAtOnce, body: { revision: "{revision}", sourceVideoUrl: stored("another-video") } },
  },
  {
    operation: "analyzeSpeakers",
    status: 409,
    source: "client",
    provoke: { ...analyze, body: { ...body, revision: "stale" }, before: [create], advance: "10s" },
  },
  {
    operation: "analyzeSpeakers",
    status: 400,
    source: "inferred",
    provoke: { ...analyze, body: {}, before: [create], advance: "10s" },
  },
  ...rejectedKeys("analyzeSpeakers", { ...analyze, before: [create] }),
  ...missing("analyzeSpeakers", { ...analyze, body: { ...body, revision: "any" }, before: [create] }),
  {
    operation: "analyzeSpeakers",
    status: 429,
    code: "Rate limit exceeded",
    source: "doc",
    provoke: { ...analyze, account: "limited", body: {}, before: [{ ...create, account: "limited" }], times: 4 },
  },
];
