/** Compares keys with the forms of the vendors' keys, and says what is wrong with a refused key. */
import type { FastifyRequest } from "fastify";
import { describeKey } from "../../engine/base/keys.ts";
import { hintOf } from "../../wording/key-hint.ts";
import { adviceOn } from "../../wording/field-errors.ts";
import { nearestNames } from "../../wording/nearest.ts";
import { keyFormOf } from "./key-header.ts";
import type { HttpContext, VendorHttp } from "./vendor-http.ts";

/** Returns whether a key begins as the vendor's keys do. */
export function hasPrefixOf({ keyPrefix = "" }: Pick<VendorHttp, "keyPrefix">, key: string): boolean {
  return key.startsWith(keyPrefix);
}

/** Returns the other vendor whose documented prefix a key has. */
export function otherVendorOf(
  { vendors }: Pick<HttpContext, "vendors">,
  own: VendorHttp,
  key: string,
): VendorHttp | undefined {
  return [...vendors.values()].find(
    ({ name, keyPrefix }) => name !== own.name && keyPrefix !== undefined && key.startsWith(keyPrefix),
  );
}

/** Says why no key was found: which header the vendor reads, and which header was sent instead. */
export function wordMissingKey({ headers }: FastifyRequest, vendor: VendorHttp): string {
  const { header, prefix } = keyFormOf(vendor);
  const form = (sent = ""): string => `${header}: ${prefix}${keyFor(vendor, sent.split(/\s+/).at(-1) ?? "")}`;
  const own = headers[header];
  if (typeof own === "string" && own !== "")
    return `The header ${header} does not have the form "${prefix}<key>"; send ${form(own)}.`;
  const other = ["authorization", "x-api-key", "api-key", "x-goog-api-key"].find(
    (name) => name !== header && headers[name] !== undefined,
  );
  return other === undefined
    ? `The request carries no API key; send ${form()}.`
    : `The key was sent in ${other}, and ${vendor.name} reads it from ${header}; send ${form(String(headers[other]))}.`;
}

/** Says why a key is not known, and what the vendor's keys look like. */
export function wordUnknownKey(context: Pick<HttpContext, "vendors">, vendor: VendorHttp, key: string): string {
  const other = otherVendorOf(context, vendor, key);
  if (other !== undefined)
    return `The key ${hintOf(key)} is ${other.name}'s, by its beginning ${other.keyPrefix ?? ""}; ${vendor.name}'s is ${keyFor(vendor, key)}.`;
  if (!hasPrefixOf(vendor, key))
    return `${vendor.name}'s keys begin with ${vendor.keyPrefix ?? ""}: send ${keyFor(vendor, key)}.`;
  return `The key ${hintOf(key)} is not registered for ${vendor.name}; send ${keyFor(vendor, key)}, register the key for an account, or start with --unknown-keys default.`;
}

/** Returns why a key that is registered for these vendors could never be used; undefined if it can. */
export function flawOfRegistered(
  vendors: readonly VendorHttp[],
  key: string,
  vendorName: string | undefined,
): string | undefined {
  if (/^Bearer\s/i.test(key)) return "write the key alone, without a scheme such as Bearer";
  if (!/^[\x21-\x7e]+$/.test(key))
    return "write a key without spaces and with ASCII characters only; a header carries no other";
  const vendor = vendors.find(({ name }) => name === vendorName);
  if (vendor === undefined) return undefined;
  if (!hasPrefixOf(vendor, key)) return `${vendor.name}'s keys begin with ${vendor.keyPrefix ?? ""}`;
  const other = otherVendorOf({ vendors: new Map(vendors.map((each) => [each.name, each])) }, vendor, key);
  return other === undefined ? undefined : `keys that begin with ${other.keyPrefix ?? ""} are ${other.name}'s`;
}

/** Says that a sandbox has no account of this name, with the nearest. */
export function wordUnknownAccount(sandbox: string, account: string, names: readonly string[]): string {
  const others = names.filter((name) => name !== account);
  return `Sandbox "${sandbox}" has no account "${account}". ${adviceOn(nearestNames(account, others), others)}`;
}

/** Says that a key made its account, and which name was perhaps meant. */
export function wordMadeAccount(sandbox: string, account: string, names: readonly string[]): string {
  const others = names.filter((name) => name !== account);
  const near = nearestNames(account, others);
  const advice = near.length > 0 ? ` ${adviceOn(near, others)}` : "";
  return `Sandbox "${sandbox}" had no account "${account}"; this key made it, like main.${advice}`;
}

/**
 * Returns the key of a vendor for the sandbox and account that a refused key names, whatever the case of its letters and
 * the vendor it was for; the form of the vendor's keys if it names none.
 */
function keyFor({ keyPrefix = "" }: VendorHttp, refused: string): string {
  const named = describeKey(refused.toLowerCase());
  return `${keyPrefix}fx_${typeof named === "object" ? `${named.sandbox}_${named.account}` : "<sandbox>_<account>"}`;
}
