/** Lists exactly the known differences between the emulator and the published responses. */
import type { VendorName } from "../../src/client/vendor-names.ts";

export interface Gaps {
  /** The differences of a response, by outcome. */
  readonly differences: Readonly<Record<string, readonly string[]>>;
  /** The differences of refusals and faults that any route may answer with. */
  readonly troubles?: readonly string[];
  /** Routed operations for which the vendor lists no outcome. */
  readonly unlisted?: readonly string[];
  /** Published responses of routed operations that no request provokes. */
  readonly unseen: readonly string[];
  /** Published operations without a route below the vendor's prefixes. */
  readonly unrouted: readonly string[];
}

const knownGaps: Readonly<Partial<Record<VendorName, Gaps>>> = {};

/** Returns the gaps of a vendor; a vendor that is not in the list has none. */
export function gapsOf(vendor: VendorName): Gaps {
  return knownGaps[vendor] ?? { differences: {}, unseen: [], unrouted: [] };
}
