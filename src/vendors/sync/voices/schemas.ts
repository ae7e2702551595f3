/** Defines the request and response bodies of the voice routes [doc: voices-api]. */
import { z } from "zod";

const text = z.string("must be a string");

export const provider = z.literal("elevenlabs", "must be one of the following values: elevenlabs");

/**
 * A voice in responses. The type also has internalVoiceId and voiceId, both optional and without an explanation, so
 * they are not sent.
 */
export const voice = z.strictObject({
  id: z.string().meta({ description: "Value for voiceId" }),
  name: z.string(),
  provider,
  previewUrl: z.url().optional(),
});

export type VoiceView = z.output<typeof voice>;

export const cloneVoiceBody = z
  .looseObject({
    provider,
    name: text.min(1, "should not be empty"),
    url: z.url({ protocol: /^https?$/, error: "must be a URL address" }).optional(),
    assetId: z.uuid("must be a UUID").optional(),
  })
  .refine(({ url, assetId }) => url !== undefined || assetId !== undefined, "url or assetId should not be empty")
  .meta({ description: "The sample is an uploaded file, named by its url or by the id of its asset" });
