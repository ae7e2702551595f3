import type { StartFauxgen } from "./fauxgen.ts";
import type { Pace } from "./measuring.ts";
import type { Installed } from "./packages.ts";
import type { Peer } from "./peers.ts";
import type { Report } from "./report.ts";

/** What every section of a run works with. */
export interface Bench {
  readonly report: Report;
  readonly pace: Pace;
  /** Thrown away at the end of the run. */
  readonly folder: string;
  readonly fauxgen: Installed;
  readonly startFauxgen: StartFauxgen;
  readonly peers: readonly Peer[];
}

/** Measures one thing, and leaves no server behind. */
export type Section = (bench: Bench) => Promise<void>;
