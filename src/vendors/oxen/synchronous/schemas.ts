/**
 * Defines the request and response bodies of the synchronous routes [doc: image_generation, image_editing,
 * video_generation; spec].
 */
import { z } from "zod";
import { passedOn, target } from "../generations/schemas.ts";
import { unixSeconds } from "../schemas.ts";

const responseFormat = z.enum(["url", "b64_json"]).nullish().meta({ description: "A URL, or the file itself" });

const synchronousBody = z.looseObject({
  model: z.string().min(1),
  prompt: passedOn("What to make, in words", { type: "string", nullable: false }),
  response_format: responseFormat,
  ...target,
});

/** Body of POST /api/ai/images/generate [doc: ImageGenerateRequest, image_generation]. */
export const imageBody = synchronousBody.extend({
  // `requireCount` checks it, with the vendor's message.
  n: z.unknown().optional().meta({
    type: "integer",
    default: 1,
    minimum: 1,
    maximum: 4,
    description: "Number of images; up to 12 in vintage 0.243",
  }),
  size: passedOn("Size of the image", { type: "string" }),
  seed: passedOn("Repeats a result with the same inputs", { type: "integer" }),
});

/** Body of POST /api/ai/images/edit [doc: ImageEditRequest, image_editing]. */
export const editBody = imageBody.extend({
  image: passedOn("URL of the image; `input_image` is its other name", { type: "string", nullable: false }),
  mask: passedOn("URL of a mask", { type: "string" }),
});

/** Body of POST /api/ai/videos/generate [doc: VideoGenerateRequest, video_generation]. */
export const videoBody = synchronousBody.extend({
  multi_prompt: passedOn("Shots, in place of the prompt", { type: "array" }),
  aspect_ratio: passedOn("Width to height, such as 16:9", { type: "string" }),
  duration: passedOn("Seconds", { type: "integer" }),
  seed: passedOn("Repeats a result with the same inputs", { type: "integer" }),
});

/** Body of POST /api/ai/audio/generate [doc: AudioGenerateRequest]. */
export const audioBody = synchronousBody.extend({
  audio_urls: passedOn("URLs of voices to clone", { type: "array", items: { type: "string" } }),
  image_url: passedOn("URL of an image to refer to", { type: "string" }),
  voice: passedOn("Name of a voice, or the id of a cloned one", { type: "string" }),
  output_format: passedOn("wav, mp3, pcm or ogg_opus", { type: "string" }),
  sample_rate: passedOn("Hertz", { type: "integer" }),
  speed: passedOn("Factor of the tempo", { type: "number" }),
  volume: passedOn("Factor of the loudness", { type: "number" }),
  pitch: passedOn("Semitones", { type: "integer" }),
  save_to_workbench: passedOn("Has no effect here", { type: "boolean" }),
});

/** Body of POST /api/ai/audio/speech [doc: the page of the model Seed Audio]. */
export const speechBody = audioBody.extend({
  input: passedOn("The text to speak", { type: "string" }),
});

/** Body of POST /api/ai/audio/transcriptions [doc: the pages of two models]. */
export const transcriptionBody = z.looseObject({
  model: z.string().min(1),
  audio_url: z.unknown().optional().meta({ type: "string", format: "uri", description: "The recording" }),
});

export type SynchronousBody = z.output<typeof synchronousBody>;

const medium = z.union([z.strictObject({ url: z.url() }), z.strictObject({ b64_json: z.string() })]);
const media = z.array(medium).min(1);

// The spec allows a prompt that the model rewrote; the emulator rewrites none.
const revised = { revised_prompt: z.string().nullish() } as const;
const images = z
  .array(z.union([z.strictObject({ url: z.url(), ...revised }), z.strictObject({ b64_json: z.string(), ...revised })]))
  .min(1);

export const imageResponse = z.strictObject({ model: z.string(), created: unixSeconds, images });
export const videoResponse = z.strictObject({ model: z.string(), created: unixSeconds, videos: media });
export const audioResponse = z.strictObject({ audios: media, created: unixSeconds, model: z.string() });

/** No page shows the response of a transcription; other APIs of this form answer the text [inferred]. */
export const transcript = z.strictObject({ text: z.string() });
