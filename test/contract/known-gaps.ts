/** Where the emulator and what is published are known to differ, exactly: no more, and no less. */
import type { VendorName } from "../../src/client/vendor-names.ts";

export interface Gaps {
  /** By outcome: in what its answer differs. */
  readonly differences: Readonly<Record<string, readonly string[]>>;
  /** The same for refusals and faults that any route may answer with. */
  readonly troubles?: readonly string[];
  /** Operations that are routed, and for which the vendor lists no outcome. */
  readonly unlisted?: readonly string[];
  /** Published responses of routed operations that nothing provokes. */
  readonly unseen: readonly string[];
  /** Published operations that have no route below the vendor's prefixes. */
  readonly unrouted: readonly string[];
}

const knownGaps: Readonly<Partial<Record<VendorName, Gaps>>> = {};

/** The gaps of a vendor; one that the list does not name has none. */
export function gapsOf(vendor: VendorName): Gaps {
  return knownGaps[vendor] ?? { differences: {}, unseen: [], unrouted: [] };
}
