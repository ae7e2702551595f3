/** Describes a sound to render. */
export interface AudioSpec {
  readonly durationSeconds: number;
  /** Stored as the file's title. */
  readonly title: string;
  /** Decides the pitch, and the rhythm of speech. */
  readonly seed: string;
  /** A steady tone, or speech: syllables and pauses. */
  readonly voice: "tone" | "speech";
}
