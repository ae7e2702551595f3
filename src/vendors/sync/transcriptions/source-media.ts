/** Finds the source of a transcription or a dialogue edit, which must be in sync's storage [doc]. */
import type { FastifyRequest } from "fastify";
import { inspectMedia, type InspectedMedia } from "../../../media/serve/inspect.ts";
import { uploadedFile } from "../../../http/uploads/receive.ts";
import { requireUpload } from "../assets/uploads.ts";
import { refusal } from "../errors.ts";

/**
 * Returns what the bytes of an uploaded source say of it; `unknown` for a file of sync's own hosts, such as the
 * documentation's examples, which is never fetched. Throws 422 for a file elsewhere [inferred: that it is refused is
 * documented, its code is that of a registration].
 */
export async function inspectSource(request: FastifyRequest, url: string, field: string): Promise<InspectedMedia> {
  const { sandbox } = request;
  const { epoch } = sandbox;
  const upload = requireUpload(request, url, field);
  if (upload === undefined) {
    if (/(?:^|\.)sync\.so$/.test(new URL(url).hostname)) return { kind: "unknown" };
    throw refusal("file_not_in_org_storage", { field });
  }
  const media = await inspectMedia(uploadedFile(sandbox, upload));
  // A file from before a reset must not be used after it.
  if (sandbox.epoch !== epoch) throw refusal("uploaded_file_not_found", { field });
  return media;
}

/** Returns the length of a source in milliseconds; undefined for an unknown one. */
export function lengthMsOf(media: InspectedMedia): number | undefined {
  return media.kind === "video" || media.kind === "audio" ? Math.round(media.durationSeconds * 1000) : undefined;
}
