/** Defines the request and response bodies of the voice routes [doc: voices-api]. */
import { z } from "zod";

const text = z.string("must be a string");

export const provider = z.literal("elevenlabs", "must be one of the following values: elevenlabs");

/** Why a voice cannot speak now: that there is a reason is documented, its values are [inferred] from the errors of speech. */
export const restriction = z.enum(["verification_required", "blocked", "access_denied"]);

/**
 * A voice in responses [doc: voices-api/list]. The type also has internalVoiceId, optional and without an explanation,
 * so it is not sent.
 */
export const voice = z.strictObject({
  id: z.string().meta({ description: "Value for the field voiceId of a request" }),
  voiceId: z.string().meta({ description: "The provider's own id" }),
  name: z.string(),
  provider,
  previewUrl: z.url().optional(),
  restriction: restriction.optional().meta({ description: "Why the voice cannot speak now; absent if it can" }),
});

export type VoiceView = z.output<typeof voice>;

export const voiceListQuery = z.object({ provider: provider.optional() });

export const cloneVoiceBody = z
  .looseObject({
    provider,
    name: text.min(1, "should not be empty").max(100, "must be shorter than or equal to 100 characters"),
    url: z.url({ protocol: /^https?$/, error: "must be a URL address" }).optional(),
    assetId: z.uuid("must be a UUID").optional(),
  })
  // Exactly one of them [client: the vendor's notes on its live schema].
  .refine(
    ({ url, assetId }) => (url === undefined) !== (assetId === undefined),
    "exactly one of url and assetId is required",
  )
  .meta({ description: "The sample is an uploaded file, named by its url or by the id of its asset" });
