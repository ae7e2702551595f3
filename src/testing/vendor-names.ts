import type { VendorAccess } from "../vendors/access.ts";

/** The vendors that the library names in its types; a test holds them against the list of vendors. */
export const vendorNames = ["sync", "oxen", "affogato", "vivix"] as const;

export type VendorName = (typeof vendorNames)[number];

/** How a client reaches each vendor. */
export type VendorAccesses = { readonly [Name in VendorName]: VendorAccess };
