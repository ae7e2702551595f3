/** How a client reaches one vendor of a server: what the ready line, `env` and the control API hand out. */
import type { Vendor } from "./vendor.ts";

export interface VendorAccess {
  /** Stands for the vendor's own origin: `http://127.0.0.1:4600`, no trailing slash. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** What signs the vendor's webhooks; null where the vendor signs none. */
  readonly webhookSecret: string | null;
  /** Environment variables that its known clients read. */
  readonly env: Readonly<Record<string, string>>;
}

/** The access of an account of a sandbox, whose self-describing key needs no registration. */
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
