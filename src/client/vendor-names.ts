/** The vendors that the library names in its types. Made from the vendors by `npm run gen`. */
export const vendorNames = ["sync", "oxen", "affogato", "vivix"] as const;

export type VendorName = (typeof vendorNames)[number];
