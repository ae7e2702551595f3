/** Names that are a machine's or a private network's own, so that looking them up asks nobody on the internet. */
import { readFileSync } from "node:fs";

export const HOSTS_FILE = "/etc/hosts";

/** Endings that no public name has: reserved ones [RFC 6761, 6762, 8375, ICANN for .internal], and what networks use. */
const ENDINGS = /(?:^|\.)(?:localhost|local|internal|test|lan|home|home\.arpa|corp|intranet|private|svc)$/;

/** Containers have the names of their networks as endings, and those may have underscores, which no public one has. */
const UNDERSCORED_ENDING = /\.[^.]*_[^.]*$/;

/**
 * Whether a host name, as URLs have it, can be looked up without asking beyond the private network: one without dots,
 * as the services of a compose file and machines of a local network have; one with an ending that is never public; or
 * one that is in the hosts file.
 */
export function isLocalHostname(host: string, hostsFile = HOSTS_FILE): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return !name.includes(".") || ENDINGS.test(name) || UNDERSCORED_ENDING.test(name) || isInFile(name, hostsFile);
}

function isInFile(name: string, hostsFile: string): boolean {
  try {
    return readFileSync(hostsFile, "utf8")
      .split("\n")
      .some((line) => line.replace(/#.*/, "").toLowerCase().trim().split(/\s+/).slice(1).includes(name));
  } catch {
    return false;
  }
}
