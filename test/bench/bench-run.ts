import type { StartFauxgen } from "./fauxgen.ts";
import type { Pace } from "./measuring.ts";
import type { Installed } from "./packages.ts";
import type { Peer } from "./peers.ts";
import type { Report } from "./report.ts";

/** An installed fauxgen that is measured. */
export interface Fauxgen {
  readonly name: string;
  readonly installed: Installed;
  readonly start: StartFauxgen;
}

/** What every section of a run works with. */
export interface Bench {
  readonly report: Report;
  readonly pace: Pace;
  /** Thrown away at the end of the run. */
  readonly folder: string;
  readonly fauxgen: Fauxgen;
  /** Another fauxgen that ours is compared with. */
  readonly before: Fauxgen | undefined;
  readonly peers: readonly Peer[];
}

/** Every fauxgen of a run, ours first. */
export function versionsOf({ fauxgen, before }: Bench): readonly Fauxgen[] {
  return before === undefined ? [fauxgen] : [fauxgen, before];
}

/** Measures one thing, and leaves no server behind. */
export type Section = (bench: Bench) => Promise<void>;
