/** States what a client does when all goes well, which the calibrating cases measure and other cases compare with. */

export interface Base {
  readonly creates: number;
  readonly made: number;
  /** Different files that were fetched whole. */
  readonly downloads: number;
  /** File requests while webhooks came. */
  readonly hookDownloads: number;
  readonly pollsAfterEnd: number;
  readonly pollsPerSecond: number;
}

/** What is assumed while the calibrating cases themselves run. */
export const unmeasured: Base = {
  creates: Number.POSITIVE_INFINITY,
  made: Number.POSITIVE_INFINITY,
  downloads: 0,
  hookDownloads: Number.POSITIVE_INFINITY,
  pollsAfterEnd: Number.POSITIVE_INFINITY,
  pollsPerSecond: Number.POSITIVE_INFINITY,
};
