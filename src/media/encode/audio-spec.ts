/** Describes a sound file to render. */
export interface AudioSpec {
  readonly durationSeconds: number;
  /** Stored as the file's title. */
  readonly title: string;
  /** Decides the pitch. */
  readonly seed: string;
}
