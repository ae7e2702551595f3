/** Gives handles the base URL and key of each vendor, under the vendor's name. */
import type { VendorAccess } from "../vendors/access.ts";
import { FauxgenError } from "./control-client.ts";
import { vendorNames, type VendorName } from "./vendor-names.ts";

/** The base URL and key of each vendor, by the vendor's name. */
export type VendorAccesses = { readonly [Name in VendorName]: VendorAccess };

/** Returns the accesses in a server's response. Throws {@link FauxgenError} if a vendor is missing. */
export function accessesIn(vendors: Readonly<Record<string, VendorAccess>>): VendorAccesses {
  const found: Partial<VendorAccesses> = Object.fromEntries(vendorNames.map((name) => [name, accessIn(vendors[name])]));
  requireAll(found);
  return found;
}

/** Returns only the access, because an account's document also has the account's state at the vendor. */
function accessIn(document: VendorAccess | undefined): VendorAccess | undefined {
  if (document === undefined) return undefined;
  const { baseUrl, apiKey, webhookSecret, env } = document;
  return { baseUrl, apiKey, webhookSecret, env };
}

function requireAll(found: Partial<VendorAccesses>): asserts found is VendorAccesses {
  const missing = vendorNames.find((name) => found[name] === undefined);
  if (missing !== undefined)
    throw new FauxgenError(`The server does not emulate ${missing}. Does it have the same version as this library?`);
}
