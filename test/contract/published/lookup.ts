/** Looks up a vendor's published responses by operation, status, state and vintage. */
import type { VendorName } from "../../../src/client/vendor-names.ts";
import { affogatoResponses } from "./affogato.ts";
import { oxenResponses } from "./oxen.ts";
import type { PublishedResponse } from "./response.ts";
import { syncResponses } from "./sync.ts";
import { vivixResponses } from "./vivix.ts";

export const publishedResponses: Readonly<Record<VendorName, readonly PublishedResponse[]>> = {
  sync: syncResponses,
  oxen: oxenResponses,
  affogato: affogatoResponses,
  vivix: vivixResponses,
};

/** The default vintage of each vendor whose answers differ by vintage. */
const defaultVintages: Readonly<Partial<Record<VendorName, string>>> = { sync: "2026-06", oxen: "0.231" };

/**
 * Returns every published answer of an operation with this status, in the given vintage or the vendor's default one.
 */
export const publishedCandidates = (
  vendor: VendorName,
  operation: string,
  status: number,
  vintage = defaultVintages[vendor],
): readonly PublishedResponse[] =>
  publishedResponses[vendor].filter(
    (each) =>
      each.operation === operation &&
      each.status === status &&
      (each.vintage === undefined || each.vintage === vintage),
  );

/**
 * Returns the published answer for this state: the entry of exactly that state, else the same state without its query
 * ("PENDING" for "PENDING?wait=true"), else the entry without a state. Without a state, returns the entry without one,
 * else the only entry.
 */
export const publishedFor = (
  vendor: VendorName,
  operation: string,
  status: number,
  state?: string,
  vintage?: string,
): PublishedResponse | undefined => {
  const candidates = publishedCandidates(vendor, operation, status, vintage);
  const ofState = (wanted: string | undefined): PublishedResponse | undefined =>
    candidates.find((each) => each.state === wanted);
  if (state === undefined) return ofState(undefined) ?? (candidates.length === 1 ? candidates[0] : undefined);
  return ofState(state) ?? ofState(state.split("?")[0]) ?? ofState(undefined);
};

/** Returns the names of the operations that a vendor publishes, in the order of its list. */
export const publishedOperations = (vendor: VendorName): readonly string[] => [
  ...new Set(publishedResponses[vendor].map((each) => each.operation)),
];
