/** Formats voices for sync's responses. */
import { base62From } from "../../../engine/base/ids.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { uploadedFileUrl } from "../../../http/uploads/slots.ts";
import { previewUrl, type BuiltInVoice } from "./built-in-voices.ts";
import type { VoiceSample } from "./samples.ts";
import type { VoiceView } from "./schemas.ts";

/** Formats a built-in voice; a voice from a fixtures folder may have its own preview URL. */
export function formatBuiltIn(voice: BuiltInVoice, sandbox: Sandbox, origin: string): VoiceView {
  const { id, name, restriction } = voice;
  return {
    id,
    voiceId: id,
    name,
    provider: "elevenlabs",
    previewUrl: voice.previewUrl ?? previewUrl(id, sandbox, origin),
    ...(restriction !== undefined && { restriction }),
  };
}

/** A voice that the organisation has cloned from a sample. */
export interface Clone {
  readonly id: string;
  readonly document: { readonly name: string; readonly sample: VoiceSample };
}

/** Returns the provider's id of a clone, in the form of ElevenLabs. */
function providerIdOf(id: string, sandbox: Sandbox): string {
  return base62From(sandbox.digest("sync", "provider-voice", id), 20);
}

export function formatClone({ id, document }: Clone, sandbox: Sandbox, origin: string): VoiceView {
  const sample = formatSampleUrl(document.sample, sandbox, origin);
  return {
    id,
    voiceId: providerIdOf(id, sandbox),
    name: document.name,
    provider: "elevenlabs",
    ...(sample !== undefined && { previewUrl: sample }),
  };
}

/** Returns the URL of the sample; undefined for a video, because the voice has only its sound. */
function formatSampleUrl(sample: VoiceSample, sandbox: Sandbox, origin: string): string | undefined {
  if (!sample.contentType.startsWith("audio/")) return undefined;
  return uploadedFileUrl(sandbox, origin, sample.uploadToken, sample.contentType);
}
