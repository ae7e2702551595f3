/** Defines the types of a bench run and its sections. */
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

/** The context of every section of a run. */
export interface Bench {
  readonly report: Report;
  readonly pace: Pace;
  /** A temporary folder, which is deleted at the end of the run. */
  readonly folder: string;
  readonly fauxgen: Fauxgen;
  /** Another fauxgen to compare with. */
  readonly before: Fauxgen | undefined;
  readonly peers: readonly Peer[];
}

/** Returns every fauxgen of a run, the current one first. */
export function versionsOf({ fauxgen, before }: Bench): readonly Fauxgen[] {
  return before === undefined ? [fauxgen] : [fauxgen, before];
}

/** A section of the bench, which stops all its servers at its end. */
export type Section = (bench: Bench) => Promise<void>;
