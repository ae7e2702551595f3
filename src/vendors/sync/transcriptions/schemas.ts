/** Defines the request and response bodies of the transcription routes [doc: transcriptions-api]. */
import { z } from "zod";
import { isoTime, uuid } from "../schemas.ts";

const text = z.string("must be a string");
const mediaUrl = z.url({ protocol: /^https?$/, error: "must be a URL address" });

/** A position in the source, in milliseconds from its start. */
export const milliseconds = z.int("must be an integer number").min(0, "must not be less than 0");

/** A transcript as the routes answer it and as clients send it back; clients may send fields of their own. */
export const transcript = z.looseObject(
  {
    segments: z.array(
      z.looseObject({
        id: text,
        words: z.array(
          z.looseObject({
            id: text.min(1, "should not be empty"),
            text,
            startMs: milliseconds,
            endMs: milliseconds,
            speakerId: text.nullish(),
          }),
        ),
      }),
      "must be an array",
    ),
  },
  "must be an object",
);

export type Transcript = z.output<typeof transcript>;

/** The names of a window's bounds are those of dialogue edits [inferred: this page could not be read to its end]. */
export const createTranscriptionBody = z
  .looseObject({
    sourceVideoUrl: mediaUrl.nullish().meta({ description: "URL of a video in sync's storage" }),
    sourceAudioUrl: mediaUrl.nullish().meta({ description: "URL of its sound in sync's storage" }),
    projectId: uuid.nullish(),
    maxSourceSeconds: z.number("must be a number").positive("must be a positive number").nullish(),
    startMs: milliseconds.nullish(),
    endMs: milliseconds.nullish(),
  })
  .refine(
    ({ sourceVideoUrl, sourceAudioUrl }) => (sourceVideoUrl == null) !== (sourceAudioUrl == null),
    "exactly one of sourceVideoUrl and sourceAudioUrl is required",
  )
  .refine(({ startMs, endMs }) => endMs == null || (startMs ?? 0) < endMs, "endMs must be after startMs");

export type CreateTranscriptionBody = z.output<typeof createTranscriptionBody>;

export const jobError = z.looseObject({ code: z.string(), message: z.string() });

export const transcription = z.strictObject({
  id: uuid,
  status: z.enum(["PENDING", "PROCESSING", "COMPLETED", "FAILED"]),
  sourceStartMs: z.int(),
  createdAt: isoTime,
  sourceVideoUrl: z.string().nullable().meta({ description: "Null for a job from sourceAudioUrl" }),
  sourceEndMs: z.int().nullable().meta({ description: "Null for a job to the end of the source" }),
  transcript: transcript.nullable(),
  speakerCount: z.int().nullable(),
  difficulty: z.null().meta({ description: "The emulator does not judge sources" }),
  error: jobError.nullable(),
  revision: z.string().nullable(),
});

export type TranscriptionView = z.output<typeof transcription>;

export const analyzeSpeakersBody = z.looseObject({
  revision: text.min(1, "should not be empty"),
  sourceVideoUrl: mediaUrl,
  retry: z.boolean("must be a boolean value").nullish(),
});

const link = z.strictObject({ url: z.url() });

/** The kinds of a speaker's fields are documented; the keys in them are [inferred]. */
const speaker = z.strictObject({
  speakerId: z.string(),
  status: z.literal("matched"),
  avatar: link,
  evidence: z.strictObject({ words: z.int() }),
  faceTrack: link,
});

export const speakerAnalysis = z.strictObject({
  revision: z.string(),
  sourceStartMs: z.int(),
  status: z.enum(["processing", "completed", "unavailable"]),
  speakers: z.array(speaker),
  sourceVideoUrl: z.string().nullable(),
  sourceEndMs: z.int().nullable(),
  reason: z.string().optional().meta({ description: "Why the analysis is unavailable" }),
});

export type SpeakerAnalysisView = z.output<typeof speakerAnalysis>;
