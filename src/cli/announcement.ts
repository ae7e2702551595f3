/** Formats the output of a ready server on stdout: one line of JSON for programs, or a table for people. */
import type { RunningServer } from "../start.ts";
import { accessTo, type VendorAccess } from "../vendors/access.ts";
import type { Vendor } from "../vendors/vendor.ts";
import { readVersion } from "../platform/version.ts";
import { align } from "./output.ts";

export interface Ready {
  readonly url: string;
  /** Origin for HTTPS; absent without `--tls`. */
  readonly tlsUrl?: string;
  readonly port: number;
  readonly version: string;
  readonly vendors: Readonly<Record<string, VendorAccess>>;
}

export function describeReady({ url, tlsUrl, port }: RunningServer, vendors: readonly Vendor[]): Ready {
  return {
    url,
    ...(tlsUrl !== undefined && { tlsUrl }),
    port,
    version: readVersion(),
    vendors: Object.fromEntries(vendors.map((vendor) => [vendor.name, accessTo(vendor, url)])),
  };
}

export function readyTable(ready: Ready, vendors: readonly Vendor[]): string {
  const rows = vendors.flatMap((vendor) => {
    const access = ready.vendors[vendor.name];
    return access === undefined ? [] : [[vendor.name, `https://${vendor.realHosts[0]}`, access.baseUrl, access.apiKey]];
  });
  const assignments = new Map(vendors.flatMap((vendor) => Object.entries(ready.vendors[vendor.name]?.env ?? {})));
  return [
    `fauxgen ${ready.version} is ready at ${ready.url}${ready.tlsUrl === undefined ? "" : ` and ${ready.tlsUrl}`}`,
    "",
    ...align([["VENDOR", "REPLACES", "BASE URL", "API KEY"], ...rows]),
    "",
    "Environment variables of known clients:",
    ...[...assignments].map(([name, value]) => `  ${name}=${value}`),
    "",
    `Control API and reference: ${ready.url}/_fauxgen/   A key fx_<sandbox>_<account> creates and uses its sandbox.`,
    "",
  ].join("\n");
}
