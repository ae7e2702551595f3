/** Builds the header with which a client sends its key to a vendor. */
import type { VendorHttp } from "./vendor-http.ts";

type KeyParts = Pick<VendorHttp, "keyHeaders" | "keyScheme">;

/** Returns the header of a vendor's keys, and the text before the key: `Bearer `, another scheme, or nothing. */
export function keyFormOf({
  keyHeaders: [header = "authorization"],
  keyScheme = header === "authorization" ? "Bearer" : "",
}: KeyParts): { readonly header: string; readonly prefix: string } {
  return { header, prefix: keyScheme === "" ? "" : `${keyScheme} ` };
}

/** Returns the headers that a client sends with its key. */
export function keyHeaders(vendor: KeyParts, key: string): Record<string, string> {
  const { header, prefix } = keyFormOf(vendor);
  return { [header]: prefix + key };
}
