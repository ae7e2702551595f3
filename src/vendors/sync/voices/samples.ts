/** Finds the sample of a cloned voice: an uploaded audio or video file of the organisation. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { mediaTypeOf, uploadTokenOf } from "../../../http/uploads/slots.ts";
import { findUpload, type Upload } from "../../../http/uploads/receive.ts";
import { assets, isVisible } from "../assets/store.ts";
import { refusal } from "../errors.ts";
import type { cloneVoiceBody } from "./schemas.ts";

const GIBIBYTE = 1024 ** 3;

/** Minimum length of a sample. Shorter samples are refused [doc]; the exact minimum is [inferred]. */
const LEAST_SECONDS = 1;

export const voiceSample = z.strictObject({ uploadToken: z.string(), contentType: z.string() });

export type VoiceSample = z.output<typeof voiceSample>;

/**
 * Returns the sample of a clone request. Throws 413 and 422 with the documented codes for a missing or unusable sample.
 */
export function sampleOf(request: FastifyRequest, { url, assetId }: z.output<typeof cloneVoiceBody>): VoiceSample {
  const { upload, durationSeconds } = assetId === undefined ? byUrl(request, url ?? "") : byAsset(request, assetId);
  const contentType = mediaTypeOf(upload.contentType);
  const isVideo = contentType.startsWith("video/");
  if (!isVideo && !contentType.startsWith("audio/")) throw refusal("voice_sample_type_unsupported");
  if (isVideo && upload.size > GIBIBYTE) throw refusal("voice_sample_source_too_large");
  if (upload.size === 0) throw refusal("voice_sample_invalid");
  if (durationSeconds !== undefined && durationSeconds < LEAST_SECONDS) throw refusal("voice_sample_too_short");
  return { uploadToken: upload.token, contentType };
}

interface Sample {
  readonly upload: Upload;
  readonly durationSeconds?: number | undefined;
}

function byUrl({ sandbox, account }: FastifyRequest, url: string): Sample {
  const token = uploadTokenOf(sandbox, url);
  // A file that is hosted elsewhere must be uploaded first [doc].
  if (token === undefined) throw refusal("voice_sample_upload_required", { field: "url" });
  const upload = findUpload(sandbox, token);
  if (upload?.accountId !== account.id) throw refusal("voice_sample_not_accessible", { field: "url" });
  return { upload };
}

function byAsset(request: FastifyRequest, assetId: string): Sample {
  const asset = assets.findOwn(request, assetId.toLowerCase());
  if (asset === undefined || !isVisible(request, asset))
    throw refusal("voice_sample_not_accessible", { field: "assetId" });
  const { type, uploadToken, durationSeconds } = asset.document;
  if (type === "IMAGE") throw refusal("voice_sample_type_unsupported", { field: "assetId" });
  if (uploadToken === undefined) throw refusal("voice_sample_upload_required", { field: "assetId" });
  const upload = findUpload(request.sandbox, uploadToken);
  if (upload === undefined) throw refusal("voice_sample_not_accessible", { field: "assetId" });
  return { upload, durationSeconds };
}
