import { z } from "zod";
import type { Fixture } from "../../../fixtures/library.ts";

const builtInVoice = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Where it can be heard, for a voice of the user's own; a sample of ours without it. */
  previewUrl: z.url().optional(),
});

/**
 * Voices that everybody has. The first is the documentation's example; the others are public voices of ElevenLabs
 * [inferred: which ones sync lists could not be read].
 */
export const builtInVoices: Fixture<z.output<typeof builtInVoice>> = {
  name: "sync/voices",
  item: builtInVoice,
  keyOf: ({ id }) => id,
};
