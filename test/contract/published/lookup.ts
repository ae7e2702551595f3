import { affogatoResponses } from "./affogato.ts";
import { oxenResponses } from "./oxen.ts";
import type { PublishedResponse, PublishedVendor } from "./response.ts";
import { syncResponses } from "./sync.ts";
import { vivixResponses } from "./vivix.ts";

export const publishedResponses: Readonly<Record<PublishedVendor, readonly PublishedResponse[]>> = {
  sync: syncResponses,
  oxen: oxenResponses,
  affogato: affogatoResponses,
  vivix: vivixResponses,
};

/** The vintage that an emulator shows when nobody asks for another one. */
const defaultVintages: Readonly<Record<PublishedVendor, string | undefined>> = {
  sync: "2026-06",
  oxen: "0.231",
  affogato: undefined,
  vivix: undefined,
};

/** Every published answer of an operation with this status, in the given vintage (default: the vendor's default one). */
export const publishedCandidates = (
  vendor: PublishedVendor,
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
 * The published answer for this state: the entry of exactly that state, else the same state without its query
 * ("PENDING" for "PENDING?wait=true"), else the entry that names no state. Without a state: the entry that names none,
 * else the only one there is.
 */
export const publishedFor = (
  vendor: PublishedVendor,
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

/** The names of the operations that a vendor publishes, in the order of its list. */
export const publishedOperations = (vendor: PublishedVendor): readonly string[] => [
  ...new Set(publishedResponses[vendor].map((each) => each.operation)),
];
