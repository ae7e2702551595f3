/** Defines the request and response bodies of the dialogue edit routes [doc: dialogue-edits-api]. */
import { z } from "zod";
import { isoTime, uuid } from "../schemas.ts";
import { jobError, milliseconds, transcript } from "../transcriptions/schemas.ts";

const text = z.string("must be a string");
const someText = text.min(1, "should not be empty");

/** Edits of one request; a client of the vendor allows as many [client]. */
const MOST_EDITS = 100;

/** `change` is documented; `remove` and `pronunciation` are a client's [client]. */
const edit = z.discriminatedUnion(
  "kind",
  [
    z.looseObject({ kind: z.literal("change"), wordId: someText, replacement: text, pronunciation: text.optional() }),
    z.looseObject({ kind: z.literal("remove"), wordIds: z.array(someText).min(1, "should not be empty") }),
  ],
  { error: "must be one of the following values: change, remove" },
);

export type Edit = z.output<typeof edit>;

export const createDialogueEditBody = z.looseObject({
  sourceVideoUrl: z.url({ protocol: /^https?$/, error: "must be a URL address" }),
  transcript,
  edits: z
    .array(edit, "must be an array")
    .min(1, "should not be empty")
    .max(MOST_EDITS, `must contain no more than ${MOST_EDITS} elements`),
  projectId: uuid.nullish(),
  voiceId: someText.nullish(),
  rerunOfJobId: uuid.nullish(),
  startMs: milliseconds.nullish(),
  endMs: milliseconds.nullish(),
});

export type CreateDialogueEditBody = z.output<typeof createDialogueEditBody>;

const slot = z.strictObject({
  kind: z.enum(["change", "remove"]),
  outputStartMs: z.int(),
  outputDurationMs: z.int(),
  sourceStartMs: z.int(),
  sourceDurationMs: z.int(),
});

export type Slot = z.output<typeof slot>;

export const dialogueEdit = z.strictObject({
  id: uuid,
  status: z.enum(["PENDING", "PROCESSING", "COMPLETED", "COMPLETED_PARTIAL", "FAILED"]),
  sourceVideoUrl: z.string(),
  sourceStartMs: z.int(),
  edits: z.array(z.looseObject({})),
  segmentLipsyncEnabled: z.boolean(),
  sectionExpansionEnabled: z.boolean(),
  createdAt: isoTime,
  previewAudioUrl: z.url().nullable(),
  previewDurationMs: z.int().nullable(),
  resultTranscript: transcript.nullable(),
  resultSlots: z.array(slot).nullable(),
  sourceTranscript: transcript,
  voiceId: z.string().nullable(),
  partialDetail: z.strictObject({ failedSlots: z.array(z.int()), reason: z.string().nullable() }).nullable(),
  error: jobError.nullable(),
});

export type DialogueEditView = z.output<typeof dialogueEdit>;
