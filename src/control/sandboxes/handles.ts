/** Builds a client's access to a sandbox: per vendor a base URL, a key, a webhook secret and environment variables. */
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { accessTo } from "../../vendors/access.ts";
import type { Vendor } from "../../vendors/vendor.ts";

export const handle = z.strictObject({
  baseUrl: z.string().meta({ description: "Replaces the vendor's own origin; without a trailing slash" }),
  apiKey: z.string(),
  webhookSecret: z
    .string()
    .nullable()
    .meta({ description: "Secret that signs the vendor's webhooks; null if the vendor signs none" }),
  env: z
    .record(z.string(), z.string())
    .meta({ description: "Environment variables that the vendor's known clients read" }),
});

export type Handle = z.output<typeof handle>;

/** Returns an account's handles by vendor; `origin` is the origin by which the caller reached the server. */
export function handlesOf(
  vendors: readonly Vendor[],
  sandbox: Sandbox,
  account: string,
  origin: string,
): Record<string, Handle> {
  return Object.fromEntries(
    vendors.map((vendor) => {
      const { env, ...access } = accessTo(vendor, origin, { sandbox: sandbox.name, account });
      const webhookSecret = vendor.webhooks?.secretOf?.(sandbox.account(account)) ?? access.webhookSecret;
      return [vendor.name, { ...access, webhookSecret, env: { ...env } }];
    }),
  );
}
