/**
 * Tells the server's own names from those that point at it without belonging to it. A page of the web can have its name
 * resolve to a private address and then call this server as its own origin (DNS rebinding), which no CORS header
 * prevents; the name in its Host header gives it away.
 */
import { isIP } from "node:net";
import type { Config } from "../../config.ts";
import { isLocalHostname } from "../../platform/local-hostnames.ts";

/** Returns whether a host, as a Host header has it, is an address, a private name or one of these names. */
export function isOwnHost(host: string, names: readonly string[]): boolean {
  const name = host
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "");
  return isIP(name) !== 0 || names.includes(name) || isLocalHostname(name);
}

/** Returns the names that the settings give the server, and those of the real hosts whose place it takes. */
export function ownNames({ host, publicUrl, cors, tlsNames }: Config, realHosts: readonly string[]): string[] {
  const urls = [...(cors === "any" ? [] : cors), ...(publicUrl === undefined ? [] : [publicUrl])];
  const hosts = urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).hostname);
  return [host, ...tlsNames, ...hosts, ...realHosts].map((name) => name.toLowerCase());
}
