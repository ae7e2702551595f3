/** Formats dialogue edits for sync's responses. */
import type { Observation } from "../../../engine/model/observation.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";
import { formatInstant } from "../instants.ts";
import { jobErrorOf } from "../transcriptions/views.ts";
import { retime } from "./retime.ts";
import type { DialogueEditView } from "./schemas.ts";
import { dialogueEditOf, editRequestOf } from "./store.ts";

export function formatDialogueEdit(observed: Observation, sandbox: Sandbox, origin: string): DialogueEditView {
  const { generation } = observed;
  const { sourceVideoUrl, edits, transcript } = editRequestOf(generation);
  const { voiceId, durationMs } = dialogueEditOf(generation);
  const failedSlots = failedSlotsOf(observed);
  const status = statusOf(observed, failedSlots.length > 0);
  const isDone = status === "COMPLETED" || status === "COMPLETED_PARTIAL";
  const result = isDone ? retime(transcript, edits) : undefined;
  return {
    id: generation.id,
    status,
    sourceVideoUrl,
    sourceStartMs: 0,
    edits: [...edits],
    // A job exists only where the rollout has both [doc].
    segmentLipsyncEnabled: true,
    sectionExpansionEnabled: true,
    createdAt: formatInstant(generation.createdAt),
    previewAudioUrl: isDone ? mediaUrl(sandbox, origin, { vendor: "sync", name: `${generation.id}.wav` }) : null,
    previewDurationMs: isDone ? durationMs : null,
    resultTranscript: result?.transcript ?? null,
    resultSlots: result === undefined ? null : [...result.slots],
    sourceTranscript: transcript,
    voiceId: isDone ? voiceId : null,
    partialDetail: status === "COMPLETED_PARTIAL" ? { failedSlots, reason: null } : null,
    error: status === "FAILED" ? errorOf(observed) : null,
  };
}

function statusOf({ phase }: Observation, isPartial: boolean): DialogueEditView["status"] {
  switch (phase) {
    case "queued":
      return "PENDING";
    case "processing":
      return "PROCESSING";
    case "succeeded":
      return isPartial ? "COMPLETED_PARTIAL" : "COMPLETED";
    case "failed":
    case "rejected":
    case "cancelled":
      return "FAILED";
  }
}

/** Returns the indexes of the edits whose speech failed; the first output is the whole preview. */
function failedSlotsOf({ outputs }: Observation): number[] {
  return outputs.slice(1).flatMap(({ state }, index) => (state === "failed" ? [index] : []));
}

/** EDIT_TOO_LONG also says which words are too long [doc]. */
function errorOf({ generation }: Observation) {
  const error = jobErrorOf(generation);
  if (error.code !== "EDIT_TOO_LONG") return error;
  const { edits } = editRequestOf(generation);
  const changes = edits.filter((edit) => edit.kind === "change");
  const [longest] = changes.toSorted((left, right) => right.replacement.length - left.replacement.length);
  return { ...error, spanText: longest?.replacement ?? "", wordIds: longest === undefined ? [] : [longest.wordId] };
}
