/**
 * Generates source files from the vendors, for code that must not load a vendor: http, the library, the preload in a
 * client's process, and the certificate. `npm run gen` writes them.
 */
import type { RouteOptions } from "fastify";
import { format, resolveConfig } from "prettier";
import { packageRoot } from "../../src/platform/package-root.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import type { GeneratedFile } from "./generated-files.ts";

export async function generatedSources(
  vendors: readonly Vendor[],
  routes: readonly RouteOptions[],
): Promise<GeneratedFile[]> {
  const operations = [...new Set(routes.flatMap(({ config }) => config?.operation ?? []))].sort();
  const domains = vendors.flatMap(({ realDomains = [] }) => realDomains);
  const hosts = Object.fromEntries(vendors.map(({ name, realHosts }) => [name, realHosts]));
  return [
    await formatted(
      "src/vendors/real-hosts.ts",
      `/** Lists the real hosts that the emulator replaces, for code that loads no vendor. Made by \`npm run gen\`. */
export const realHosts = ${JSON.stringify(hosts)} as const;

/** The vendors' domains, whose other hosts are not emulated. */
export const realDomains: readonly string[] = ${JSON.stringify(domains)};
`,
    ),
    await formatted(
      "src/client/vendor-names.ts",
      `/** Lists the vendors that the library names in its types. \`npm run gen\` generates this file from the vendors. */
export const vendorNames = ${JSON.stringify(vendors.map(({ name }) => name))} as const;

export type VendorName = (typeof vendorNames)[number];
`,
    ),
    await formatted(
      "src/http/journal/operations.ts",
      `/**
 * Lists the names of routes for rules, verification and the journal; vendors share names with the same meaning.
 * Generated from the routes by \`npm run gen\`.
 */
export const operations = ${JSON.stringify(operations)} as const;

export type Operation = (typeof operations)[number];
`,
    ),
  ];
}

async function formatted(path: string, source: string): Promise<GeneratedFile> {
  const filepath = packageRoot + path;
  return [path, await format(source, { ...(await resolveConfig(filepath)), filepath })];
}
