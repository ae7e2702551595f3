/** Voices that every organisation has, and where they can be heard. */
import { z } from "zod";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import type { Fixture } from "../../../fixtures/library.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";

const builtInVoice = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Where it can be heard, for a voice of the user's own; a sample of ours without it. */
  previewUrl: z.url().optional(),
});

export type BuiltInVoice = z.output<typeof builtInVoice>;

/**
 * The first is the documentation's example; the others are public voices of ElevenLabs [inferred: which ones sync
 * lists could not be read].
 */
export const builtInVoices: Fixture<BuiltInVoice> = {
  name: "sync/voices",
  item: builtInVoice,
  keyOf: ({ id }) => id,
};

/** Where a built-in voice can be heard. */
export function previewUrl(id: string, sandbox: Sandbox, origin: string): string {
  return mediaUrl(sandbox, origin, "sync", `voice-${id}.mp3`);
}
