import type { VendorAccess } from "../vendors/access.ts";
import { FauxgenError } from "./control-client.ts";

/** The vendors that the library names in its types; a test holds them against the list of vendors. */
export const vendorNames = ["sync", "oxen", "affogato", "vivix"] as const;

export type VendorName = (typeof vendorNames)[number];

/** How a client reaches each vendor. */
export type VendorAccesses = { readonly [Name in VendorName]: VendorAccess };

/** The accesses that a server answered. Throws {@link FauxgenError} when it has not all vendors. */
export function accessesIn(vendors: Readonly<Record<string, VendorAccess>>): VendorAccesses {
  const found = (name: VendorName): VendorAccess => {
    const access = vendors[name];
    if (access === undefined)
      throw new FauxgenError(`The server emulates no ${name}. Is it of the same version as this library?`);
    const { baseUrl, apiKey, webhookSecret, env } = access;
    return { baseUrl, apiKey, webhookSecret, env };
  };
  return { sync: found("sync"), oxen: found("oxen"), affogato: found("affogato"), vivix: found("vivix") };
}
