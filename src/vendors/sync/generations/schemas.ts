/**
 * Defines the body of POST /v2/generate and the Generation object, with keys in the order of a captured object [client]
 * and newer keys last.
 */
import { z } from "zod";
import { uuidJobId } from "../../job-id.ts";
import { dubbingLanguages } from "./dubbing-languages.ts";
import { isoTime, jsonObject, oneOf, uuid } from "../schemas.ts";

const text = z.string("must be a string");
const seconds = z.number("must be a number");
const refId = text.optional();
const reference = { url: z.url("must be a URL address").optional(), assetId: uuid.optional(), refId } as const;

/** [sdk: Video.d.ts] */
const videoInput = z.looseObject({
  type: z.literal("video"),
  ...reference,
  segments_secs: z.array(z.tuple([seconds, seconds])).optional(),
  segments_frames: z.array(z.tuple([seconds, seconds])).optional(),
});

const imageInput = z.looseObject({ type: z.literal("image"), ...reference });

const audioInput = z.looseObject({ type: z.literal("audio"), ...reference });

const fraction = z
  .number("must be a number")
  .min(0, "must not be less than 0")
  .max(1, "must not be greater than 1")
  .optional();

/** [sdk: Tts.d.ts, ElevenLabs.d.ts]; bounds and length [client]. */
const textInput = z.looseObject({
  type: z.literal("text"),
  provider: z.looseObject(
    {
      name: z.literal("elevenlabs", "must be one of the following values: elevenlabs"),
      voiceId: text.min(1, "should not be empty"),
      script: text.min(1, "should not be empty").max(5000, "must be shorter than or equal to 5000 characters"),
      stability: fraction,
      similarityBoost: fraction,
    },
    "must be an object",
  ),
  refId,
});

const inputItem = z.discriminatedUnion("type", [videoInput, imageInput, audioInput, textInput], {
  error: "must be one of the following values: video, image, audio, text",
});

/**
 * [sdk: Options.d.ts] Options that the model does not accept, old options and unknown options are ignored, not refused
 * [doc].
 */
const options = z.looseObject(
  {
    sync_mode: oneOf("bounce", "loop", "cut_off", "silence", "remap").nullish(),
    model_mode: oneOf("lips", "face", "head").nullish(),
    prompt: text.nullish(),
    temperature: fraction.nullish(),
    occlusion_detection_enabled: z.boolean("must be a boolean value").nullish(),
    active_speaker_detection: z.record(z.string(), z.unknown(), "must be an object").nullish(),
  },
  "must be an object",
);

/** [sdk: GenerationSegment.d.ts]; optionsOverride [doc]. */
const segment = z.looseObject(
  {
    startTime: seconds,
    endTime: seconds,
    audioInput: z.looseObject(
      { refId: text, startTime: seconds.optional(), endTime: seconds.optional() },
      "must be an object",
    ),
    optionsOverride: options.nullish(),
  },
  "must be an object",
);

/** [client] providerName is optional, because the vendor's own tool server omits it. */
const dubParams = z.looseObject(
  {
    providerName: z.literal("elevenlabs", "must be one of the following values: elevenlabs").optional(),
    targetLang: oneOf(...dubbingLanguages),
    sourceLang: oneOf("auto", ...dubbingLanguages).optional(),
  },
  "must be an object",
);

export const generateBody = z.looseObject(
  {
    model: text.min(1, "should not be empty"),
    input: z.array(inputItem, "must be an array").min(1, "should not be empty"),
    options: options.nullish(),
    segments: z.array(segment, "must be an array").nullish(),
    webhookUrl: z.url({ protocol: /^https?$/, error: "must be a URL address" }).nullish(),
    outputFileName: text.max(255, "must be shorter than or equal to 255 characters").nullish(),
    dubParams: dubParams.nullish(),
    projectId: uuid.nullish(),
    // [client: the tool server's tests; doc: create-from-rows]
    dialogueEdit: z.looseObject({ id: uuid }, "must be an object").nullish(),
  },
  "must be an object",
);

export type GenerateBody = z.output<typeof generateBody>;
export type InputItem = z.output<typeof inputItem>;
export type Segment = z.output<typeof segment>;

/** An object that responses repeat as it was sent. */
const echoed = z.looseObject({});

export const generation = z.strictObject({
  id: uuidJobId,
  createdAt: isoTime,
  status: z.enum(["PENDING", "PROCESSING", "COMPLETED", "FAILED", "REJECTED"]),
  model: z.string(),
  input: z.array(echoed),
  segments: z.array(echoed).nullable(),
  // A plain string, because zod's own URL would remove white space at the end of the sent value.
  webhookUrl: z.string().meta({ format: "uri" }).nullable(),
  options: jsonObject.nullable(),
  outputUrl: z.url().nullable(),
  segmentOutputUrl: z.url().nullable(),
  outputDuration: z.number().nullable().meta({ description: "Seconds" }),
  error: z.string().nullable(),
  errorCode: z.string().nullable(),
  error_code: z.string().nullable().meta({ description: "Equal to errorCode; the SDKs use this name" }),
  outputFileName: z.string().nullable(),
  synthesizedAudioUrl: z.url().optional().meta({ description: "Only for generations with a text input" }),
  projectId: uuid.nullable(),
  progress_percent: z.number().optional().meta({ description: "Only with include=progress" }),
});

export type GenerationView = z.output<typeof generation>;
