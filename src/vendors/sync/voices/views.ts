/** What sync shows of a voice. */
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { uploadedFileUrl } from "../../../http/uploads/slots.ts";
import { previewUrl, type BuiltInVoice } from "./built-in-voices.ts";
import type { VoiceSample } from "./samples.ts";
import type { VoiceView } from "./schemas.ts";

/** A voice of the user's own fixtures says itself where it can be heard. */
export function formatBuiltIn(voice: BuiltInVoice, sandbox: Sandbox, origin: string): VoiceView {
  const { id, name } = voice;
  return { id, name, provider: "elevenlabs", previewUrl: voice.previewUrl ?? previewUrl(id, sandbox, origin) };
}

/** A voice of the organisation's own, made from a sample. */
export interface Clone {
  readonly id: string;
  readonly document: { readonly name: string; readonly sample: VoiceSample };
}

export function formatClone({ id, document }: Clone, sandbox: Sandbox, origin: string): VoiceView {
  const sample = formatSampleUrl(document.sample, sandbox, origin);
  return { id, name: document.name, provider: "elevenlabs", ...(sample !== undefined && { previewUrl: sample }) };
}

/** Where the sample can be heard; undefined for a video, from which only its sound was taken. */
function formatSampleUrl(sample: VoiceSample, sandbox: Sandbox, origin: string): string | undefined {
  if (!sample.contentType.startsWith("audio/")) return undefined;
  return uploadedFileUrl(sandbox, origin, sample.uploadToken, sample.contentType);
}
