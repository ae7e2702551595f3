/** Checks the dialogue edit of which a create makes the video [client: the tool server's tests; doc: generate-api/create]. */
import { observe } from "../../../engine/model/observation.ts";
import type { Submitter } from "../../../http/request/submitter.ts";
import { uploadTokenOf } from "../../../http/uploads/slots.ts";
import { dialogueEditOf, editRequestOf, findOwnEdit } from "../dialogue/store.ts";
import { refusal, unusableInput } from "../errors.ts";
import type { AssetFacts } from "../references.ts";
import type { GenerateBody } from "./schemas.ts";

/** The largest removal, as a part of the spoken words [inferred: the refusal is documented, its bound is not]. */
const MOST_REMOVED = 0.5;

/**
 * Returns the length in seconds of the edited dialogue; undefined for a create without one. Throws 422: for an edit that
 * does not exist or has no preview yet [inferred], for another video than the edit's own source [inferred], and for a
 * removal that is too large [doc]. `assets` are the assets of the input by id.
 */
export function editedSeconds(
  submitter: Submitter,
  { dialogueEdit, input, dubParams }: GenerateBody,
  assets: ReadonlyMap<string, AssetFacts>,
): number | undefined {
  if (dialogueEdit == null) return undefined;
  const [video, ...others] = input;
  if (video?.type !== "video" || others.length > 0 || dubParams != null)
    throw unusableInput("generation_input_validation_failed", "A dialogue edit takes exactly one video and no audio.");
  const found = findOwnEdit(submitter, dialogueEdit.id);
  if (found === undefined || observe(found, submitter.now).phase !== "succeeded")
    throw refusal("dialogue_edit_not_found", { field: "dialogueEdit" });
  const { sourceVideoUrl, transcript, edits } = editRequestOf(found);
  const asset = video.assetId === undefined ? undefined : assets.get(video.assetId);
  const token = asset === undefined ? uploadTokenOf(submitter.sandbox, video.url ?? "") : asset.uploadToken;
  const isSameFile = token != null && token === uploadTokenOf(submitter.sandbox, sourceVideoUrl);
  if (!isSameFile && (asset === undefined ? video.url : asset.url) !== sourceVideoUrl)
    throw unusableInput("generation_input_validation_failed", "The video is not the source of the dialogue edit.");
  const words = transcript.segments.flatMap((segment) => segment.words);
  for (const edit of edits) {
    if (edit.kind !== "remove") continue;
    const removed = words.filter(({ id }) => edit.wordIds.includes(id));
    const [first, last] = [removed[0], removed.at(-1)];
    if (first === undefined || last === undefined || removed.length <= words.length * MOST_REMOVED) continue;
    throw refusal("dialogue_edit_removal_too_large", {
      field: "dialogueEdit",
      extra: { dialogueEditSection: { startMs: first.startMs, endMs: last.endMs } },
    });
  }
  return dialogueEditOf(found).durationMs / 1000;
}
