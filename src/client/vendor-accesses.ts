/** How a client reaches each vendor of a server: what a handle has under the vendors' names. */
import type { VendorAccess } from "../vendors/access.ts";
import { FauxgenError } from "./control-client.ts";
import { vendorNames, type VendorName } from "./vendor-names.ts";

/** The access of each vendor, by its name. */
export type VendorAccesses = { readonly [Name in VendorName]: VendorAccess };

/** The accesses that a server answered. Throws {@link FauxgenError} when it has not all vendors. */
export function accessesIn(vendors: Readonly<Record<string, VendorAccess>>): VendorAccesses {
  const found: Partial<VendorAccesses> = Object.fromEntries(vendorNames.map((name) => [name, accessIn(vendors[name])]));
  requireAll(found);
  return found;
}

/** The access alone: an account's document says more of each vendor. */
function accessIn(document: VendorAccess | undefined): VendorAccess | undefined {
  if (document === undefined) return undefined;
  const { baseUrl, apiKey, webhookSecret, env } = document;
  return { baseUrl, apiKey, webhookSecret, env };
}

function requireAll(found: Partial<VendorAccesses>): asserts found is VendorAccesses {
  const missing = vendorNames.find((name) => found[name] === undefined);
  if (missing !== undefined)
    throw new FauxgenError(`The server emulates no ${missing}. Is it of the same version as this library?`);
}
