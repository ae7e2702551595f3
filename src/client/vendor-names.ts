/** Lists the vendors that the library names in its types. `npm run gen` generates this file from the vendors. */
export const vendorNames = ["sync", "oxen", "affogato", "vivix"] as const;

export type VendorName = (typeof vendorNames)[number];
