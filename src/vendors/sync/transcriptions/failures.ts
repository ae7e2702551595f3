/**
 * Defines the failures of transcriptions, of their speaker analyses and of dialogue edits. Their codes are not in the
 * error catalogue; the messages are ours.
 */
import type { Failure } from "../../../engine/model/generation.ts";
import type { VendorCapabilities } from "../../../http/request/creating.ts";
import { capabilities as sync } from "../capabilities.ts";

type Messages = Readonly<Record<string, string>>;

const SOURCE_TOO_LONG = "The source is longer than the limit.";

/** [doc: transcriptions-api/get], except the first, which is our usual failure [inferred]. */
export const transcriptionFailures: Messages = {
  TRANSCRIPTION_FAILED: "The transcription failed.",
  NO_AUDIO: "The source has no sound.",
  NO_AUDIO_TRACK: "The source has no audio track.",
  SOURCE_TOO_LONG,
};

/** The reasons of an analysis that failed [client: the tool server]. */
export const analysisFailures: Messages = {
  analysis_failed: "The analysis failed.",
  analysis_timeout: "The analysis took too long.",
};

/** [doc: dialogue-edits-api/get; client: the tool server], except the first, which is our usual failure [inferred]. */
export const dialogueEditFailures: Messages = {
  DIALOGUE_EDIT_FAILED: "The edit failed.",
  EDIT_TOO_LONG: "A replacement is too long for its place.",
  VOICE_BLOCKED: "The voice of the source cannot be used.",
  SOURCE_TOO_LONG,
};

const all: Messages = { ...transcriptionFailures, ...analysisFailures, ...dialogueEditFailures };

export const jobFailureCodes: readonly string[] = Object.keys(all);

/** Returns the failure of any of these jobs by its code. */
export function jobFailure(code: string | undefined): Failure | undefined {
  return code === undefined ? undefined : failureIn(all, code);
}

/** Returns the failure of a code; throws for a code that these messages lack. */
export function requireFailure(messages: Messages, code: string): Failure {
  const failure = failureIn(messages, code);
  if (failure === undefined) throw new Error(`sync has no such failure as "${code}".`);
  return failure;
}

/** Returns the capabilities of jobs that fail with these codes, the first by default, and that send no webhook. */
export function jobCapabilities(messages: Messages): VendorCapabilities {
  const [usual = ""] = Object.keys(messages);
  return {
    ...sync,
    capabilities: {
      phases: ["queued", "processing", "succeeded", "failed"],
      results: sync.capabilities.results,
    },
    failure: (code) => failureIn(messages, code ?? usual),
    failureCodes: Object.keys(messages),
  };
}

function failureIn(messages: Messages, code: string): Failure | undefined {
  const message = new Map(Object.entries(messages)).get(code);
  return message === undefined ? undefined : { code, message };
}
