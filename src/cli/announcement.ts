/** What the server says on stdout once it is ready: one line of JSON for programs, or a table to copy from. */
import type { RunningServer } from "../start.ts";
import { accessTo, type VendorAccess } from "../vendors/access.ts";
import type { Vendor } from "../vendors/vendor.ts";
import { readVersion } from "../platform/version.ts";
import { align } from "./output.ts";

export interface Ready {
  readonly url: string;
  /** Where it answers HTTPS too. */
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
    ...align([["VENDOR", "INSTEAD OF", "BASE URL", "API KEY"], ...rows]),
    "",
    "Environment that known clients read:",
    ...[...assignments].map(([name, value]) => `  ${name}=${value}`),
    "",
    `Control and reference: ${ready.url}/_fauxgen/   Any key fx_<sandbox>_<account> makes a world of its own.`,
    "",
  ].join("\n");
}
