/** Lists the published responses of sync's transcriptions, speaker analyses and dialogue edits. */
import type { Answer, PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import type { Rule, Shape } from "./shape.ts";
import {
  array,
  integerFrom,
  isoMillis,
  literal,
  nullable,
  object,
  oneOf,
  optional,
  someText,
  text,
  url,
  uuid,
} from "./shape.ts";
import { badRequest, keyed, plainError, refusal, refusals } from "./sync-errors.ts";

const route = describeRoutes("sync");
const none = literal(null);

const word = object({
  id: someText,
  text,
  startMs: integerFrom(0),
  endMs: integerFrom(0),
  speakerId: optional(nullable(someText)),
});
const transcript = object({ segments: array(object({ id: someText, words: array(word, { min: 1 }) }), { min: 1 }) });

const orderedWords: Rule = {
  says: "the words in the order of their time",
  holds: (body) => {
    const { segments = [] } = (body.transcript ?? {}) as {
      segments?: { words: { startMs: number; endMs: number }[] }[];
    };
    const words = segments.flatMap((each) => each.words);
    return words.every(
      ({ startMs, endMs }, index) => startMs <= endMs && endMs <= (words[index + 1]?.startMs ?? Infinity),
    );
  },
};

interface Ending {
  readonly transcript: Shape;
  readonly speakerCount: Shape;
  readonly error: Shape;
  readonly revision: Shape;
}

const running: Ending = { transcript: none, speakerCount: none, error: none, revision: none };
const failed: Ending = { ...running, error: object({ code: someText, message: someText }) };
const completed: Ending = { transcript, speakerCount: integerFrom(1), error: none, revision: someText };

const transcription = (status: string, ending: Ending): Shape =>
  object(
    {
      id: uuid,
      status: literal(status),
      sourceStartMs: integerFrom(0),
      createdAt: isoMillis,
      sourceVideoUrl: nullable(url),
      sourceEndMs: nullable(integerFrom(1)),
      transcript: ending.transcript,
      speakerCount: ending.speakerCount,
      // Informational, null for some jobs; the keys of the object could not be read.
      difficulty: none,
      error: ending.error,
      revision: ending.revision,
    },
    { order: true, rules: [orderedWords] },
  );

const transcriptions = {
  PENDING: transcription("PENDING", running),
  PROCESSING: transcription("PROCESSING", running),
  COMPLETED: transcription("COMPLETED", completed),
} as const;

const link = object({ url });
const analysis = (status: string, speakers: Shape, reason?: Shape): Shape =>
  object({
    revision: someText,
    sourceStartMs: integerFrom(0),
    status: literal(status),
    speakers,
    sourceVideoUrl: nullable(url),
    sourceEndMs: nullable(integerFrom(1)),
    ...(reason !== undefined && { reason }),
  });

/** The tool server's description says which fields a speaker has; the keys in them could not be read. */
const matched = object({
  speakerId: someText,
  status: literal("matched"),
  avatar: link,
  evidence: object({}, { open: true }),
  faceTrack: link,
});

const REASONS = [
  "not_requested",
  "analysis_failed",
  "analysis_timeout",
  "retry_limit",
  "source_binding_unavailable",
  "source_too_long",
  "too_many_speakers",
] as const;

const analyses = {
  processing: analysis("processing", array(matched, { max: 0 })),
  completed: analysis("completed", array(matched, { min: 1, max: 8 })),
  unavailable: analysis("unavailable", array(matched, { max: 0 }), oneOf(...REASONS)),
} as const;

const analysisAnswers = (status: number, states: readonly (keyof typeof analyses)[]): readonly Answer[] =>
  states.map((state) => ({
    status,
    state,
    body: analyses[state],
    source: "doc",
    note: "the keys of a speaker are inferred",
  }));

const slot = object({
  kind: oneOf("change", "remove"),
  outputStartMs: integerFrom(0),
  outputDurationMs: integerFrom(0),
  sourceStartMs: integerFrom(0),
  sourceDurationMs: integerFrom(0),
});
const change = object({ kind: literal("change"), wordId: someText, replacement: text }, { open: true });
const done = {
  previewAudioUrl: url,
  previewDurationMs: integerFrom(1),
  resultTranscript: transcript,
  resultSlots: array(slot, { min: 1 }),
  voiceId: someText,
  error: none,
};
const notDone = {
  previewAudioUrl: none,
  previewDurationMs: none,
  resultTranscript: none,
  resultSlots: none,
  voiceId: none,
  error: none,
};

const dialogueEdit = (status: string, fields: typeof done | typeof notDone, partial: Shape = none): Shape =>
  object({
    id: uuid,
    status: literal(status),
    sourceVideoUrl: url,
    sourceStartMs: literal(0),
    edits: array(change, { min: 1 }),
    segmentLipsyncEnabled: literal(true),
    sectionExpansionEnabled: literal(true),
    createdAt: isoMillis,
    ...fields,
    sourceTranscript: transcript,
    partialDetail: partial,
  });

const partialDetail = object({ failedSlots: array(integerFrom(0), { min: 1 }), reason: nullable(someText) });
const editFailure = object({ code: someText, message: someText });
const tooLong = object({
  code: literal("EDIT_TOO_LONG"),
  message: someText,
  spanText: text,
  wordIds: array(someText),
});

/** The pages name the statuses of these errors and no code. */
const unnamed = (status: number): Answer => ({ status, body: plainError(status), source: "inferred" });

export const syncDialogueResponses: readonly PublishedResponse[] = [
  ...route("createTranscription", "POST /v2/transcriptions", [
    ...Object.entries(transcriptions).map(([state, body]): Answer => ({
      status: 201,
      state,
      body,
      source: "doc",
      note: "the same source and window answer the job that there is",
    })),
    badRequest(),
    refusals(422),
    ...keyed,
  ]),
  ...route("getTranscription", "GET /v2/transcriptions/{id}", [
    ...Object.entries(transcriptions).map(([state, body]): Answer => ({ status: 200, state, body, source: "doc" })),
    { status: 200, state: "FAILED", body: transcription("FAILED", failed), source: "doc" },
    badRequest(),
    unnamed(404),
    ...keyed,
  ]),
  ...route("getSpeakerAnalysis", "GET /v2/transcriptions/{id}/speaker-analysis", [
    ...analysisAnswers(200, ["completed", "unavailable"]),
    badRequest(),
    unnamed(404),
    unnamed(409),
    ...keyed,
  ]),
  ...route("analyzeSpeakers", "POST /v2/transcriptions/{id}/speaker-analysis", [
    ...analysisAnswers(201, ["processing", "completed", "unavailable"]),
    badRequest(),
    unnamed(404),
    unnamed(409),
    unnamed(422),
    ...keyed,
  ]),
  ...route("createDialogueEdit", "POST /v2/dialogue-edits", [
    { status: 201, state: "PENDING", body: dialogueEdit("PENDING", notDone), source: "doc" },
    badRequest(),
    refusal(422, "dialogue_edit_unsupported"),
    refusal(422, "dialogue_edit_retime_required"),
    refusals(422),
    refusal(503, "generation_infra_service_unavailable"),
    ...keyed,
  ]),
  ...route("getDialogueEdit", "GET /v2/dialogue-edits/{id}", [
    { status: 200, state: "PENDING", body: dialogueEdit("PENDING", notDone), source: "doc" },
    { status: 200, state: "PROCESSING", body: dialogueEdit("PROCESSING", notDone), source: "doc" },
    { status: 200, state: "COMPLETED", body: dialogueEdit("COMPLETED", done), source: "doc" },
    {
      status: 200,
      state: "COMPLETED_PARTIAL",
      body: dialogueEdit("COMPLETED_PARTIAL", done, partialDetail),
      source: "doc",
    },
    {
      status: 200,
      state: "EDIT_TOO_LONG",
      body: dialogueEdit("FAILED", { ...notDone, error: tooLong }),
      source: "doc",
    },
    { status: 200, state: "FAILED", body: dialogueEdit("FAILED", { ...notDone, error: editFailure }), source: "doc" },
    badRequest(),
    unnamed(404),
    ...keyed,
  ]),
];
