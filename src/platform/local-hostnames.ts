/** Recognises names of this machine or of a private network, which can be looked up without a query to the internet. */
import { readFileSync } from "node:fs";

export const HOSTS_FILE = "/etc/hosts";

/**
 * Endings that no public name has: reserved ones [RFC 6761, 6762, 8375, ICANN for .internal], and common private ones.
 */
const ENDINGS = /(?:^|\.)(?:localhost|local|internal|test|lan|home|home\.arpa|corp|intranet|private|svc)$/;

/** Container names end with the name of their network, which may have underscores; no public ending has. */
const UNDERSCORED_ENDING = /\.[^.]*_[^.]*$/;

/**
 * Whether a host name can be looked up within the private network. Such a name has no dot, like the services of a
 * compose file and machines of a local network; or an ending that is never public; or an entry in the hosts file.
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
