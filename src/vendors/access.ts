/** Describes how a client reaches one vendor of a server, for the ready line, `env` and the control API. */
import type { Vendor } from "./vendor.ts";

export interface VendorAccess {
  /** Replaces the vendor's own origin, such as `http://127.0.0.1:4600`, without a trailing slash. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Secret that signs the vendor's webhooks; null for a vendor that signs none. */
  readonly webhookSecret: string | null;
  /** Environment variables that the vendor's known clients read. */
  readonly env: Readonly<Record<string, string>>;
}

/** Returns the access of a sandbox's account. Its self-describing key needs no registration. */
export function accessTo(
  vendor: Vendor,
  baseUrl: string,
  { sandbox = "default", account = "main" }: { readonly sandbox?: string; readonly account?: string } = {},
): VendorAccess {
  const apiKey = vendor.keyFrom(`fx_${sandbox}_${account}`);
  return {
    baseUrl,
    apiKey,
    webhookSecret: vendor.webhooks?.defaultSecret ?? null,
    env: vendor.environment(baseUrl, apiKey),
  };
}
