/**
 * Defines the request and response bodies of the synchronous routes [doc: image_generation, image_editing,
 * video_generation; spec].
 */
import { z } from "zod";
import { target } from "../generations/schemas.ts";
import { unixSeconds } from "../schemas.ts";

const responseFormat = z.enum(["url", "b64_json"]).nullish().meta({ description: "A URL, or the file itself" });

const synchronousBody = z.looseObject({
  model: z.string().min(1),
  // The model checks it, with its own message.
  prompt: z.unknown().optional().meta({ type: "string", nullable: true, description: "What to make, in words" }),
  response_format: responseFormat,
  ...target,
});

/** Body of POST /api/ai/images/generate and of images/edit [doc: ImageGenerateRequest, ImageEditRequest]. */
export const imageBody = synchronousBody.extend({
  n: z.unknown().optional().meta({ type: "integer", default: 1, minimum: 1, description: "Number of images" }),
});

/** Body of POST /api/ai/videos/generate [doc: VideoGenerateRequest]. */
export const videoBody = synchronousBody;

/** Body of POST /api/ai/audio/generate [doc: AudioGenerateRequest]. */
export const audioBody = synchronousBody;

/** Body of POST /api/ai/audio/speech [doc: the page of the model Seed Audio]. */
export const speechBody = synchronousBody.extend({
  input: z.unknown().optional().meta({ type: "string", nullable: true, description: "The text to speak" }),
});

/** Body of POST /api/ai/audio/transcriptions [doc: the pages of two models]. */
export const transcriptionBody = z.looseObject({
  model: z.string().min(1),
  audio_url: z.unknown().optional().meta({ type: "string", format: "uri", description: "The recording" }),
});

export type SynchronousBody = z.output<typeof synchronousBody>;

const medium = z.union([z.strictObject({ url: z.url() }), z.strictObject({ b64_json: z.string() })]);
const media = z.array(medium).min(1);

export const imageResponse = z.strictObject({ model: z.string(), created: unixSeconds, images: media });
export const videoResponse = z.strictObject({ model: z.string(), created: unixSeconds, videos: media });
export const audioResponse = z.strictObject({ audios: media, created: unixSeconds, model: z.string() });

/** No page shows the response of a transcription; other APIs of this form answer the text [inferred]. */
export const transcript = z.strictObject({ text: z.string() });
