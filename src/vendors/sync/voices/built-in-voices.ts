/** Defines the built-in voices, which every organisation has, and their preview URLs. */
import { z } from "zod";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import type { Fixture } from "../../../fixtures/library.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";
import { restriction } from "./schemas.ts";

const builtInVoice = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** The preview URL of a voice from a fixtures folder; without it, the emulator serves its own sample. */
  previewUrl: z.url().optional(),
  /** Why the voice cannot speak; speech with it is then refused. */
  restriction: restriction.optional(),
});

export type BuiltInVoice = z.output<typeof builtInVoice>;

/**
 * The catalogue of built-in voices. The first is the documentation's example; the others are public voices of
 * ElevenLabs [inferred: which ones sync lists could not be read].
 */
export const builtInVoices: Fixture<BuiltInVoice> = {
  name: "sync/voices",
  item: builtInVoice,
  keyOf: ({ id }) => id,
};

/** Returns the preview URL of a built-in voice. */
export function previewUrl(id: string, sandbox: Sandbox, origin: string): string {
  return mediaUrl(sandbox, origin, { vendor: "sync", name: `voice-${id}.mp3` });
}
