/** What a sound file shall be. */
export interface AudioSpec {
  readonly durationSeconds: number;
  /** Stored as the file's title. */
  readonly title: string;
  /** Decides the pitch. */
  readonly seed: string;
}
