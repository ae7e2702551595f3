/** Knows where the emulator is, which hosts it replaces, and how to say what happens to a connection. */
import { domainToASCII } from "node:url";
import { realDomains, realHosts } from "../vendors/real-hosts.ts";

const emulated: readonly string[] = Object.values(realHosts).flat();

const { hostname, port, protocol, origin: ownOrigin } = readEmulator(process.env.FAUXGEN_URL);
const isQuiet = process.env.FAUXGEN_INTERCEPT_QUIET === "1";

/** Reads where the emulator is. Throws for what is not the URL of an emulator, above all for the URL of a vendor. */
function readEmulator(written: string | undefined): URL {
  const text = written === undefined || written === "" ? "http://127.0.0.1:4600" : written;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new TypeError(`FAUXGEN_URL: ${JSON.stringify(text)} is not a URL such as http://127.0.0.1:4600.`);
  if (isVendors(url.hostname))
    throw new TypeError(`FAUXGEN_URL: ${url.hostname} is a vendor's host. Name the URL of a fauxgen server.`);
  return url;
}

/** The emulator's address, as `net` takes it. */
export const emulatorAddress = {
  host: hostname.replace(/^\[|\]$/g, ""),
  port: Number(port === "" ? (protocol === "https:" ? 443 : 80) : port),
} as const;

/** The emulator's origin, as messages name it. */
export const origin = ownOrigin;

/** Whether the emulator is reached by TLS, with a certificate for the vendors' hosts. */
export const hasTls = protocol === "https:";

const announced = new Set<string>();

/**
 * Returns a host name in the form in which hosts are compared: `api.sync.so` for `API.sync.so.` and for any spelling
 * that Node.js resolves like it.
 */
export function plainName(host: string): string {
  return (domainToASCII(host) || host).toLowerCase().replace(/\.$/, "");
}

/** Returns whether the emulator takes the place of a host. */
export function isEmulated(host: string): boolean {
  return emulated.includes(plainName(host));
}

/** Returns whether a host is a vendor's, emulated or not, such as `assets.sync.so`. */
export function isVendors(host: string): boolean {
  const name = plainName(host);
  return isEmulated(name) || realDomains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

/** Returns whether this is the emulator's own address, which a client with a base URL dials. */
export function isEmulator(host: string | undefined, wantedPort: unknown): boolean {
  if (Number(wantedPort) !== emulatorAddress.port) return false;
  const name = host ?? "localhost";
  return name === emulatorAddress.host || (isLoopback(name) && isLoopback(emulatorAddress.host));
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "127.0.0.1" || host === "::1";
}

/** Says once on stderr that a host is redirected. */
export function announce(host: string): void {
  const name = plainName(host);
  if (isQuiet || announced.has(name)) return;
  announced.add(name);
  process.stderr.write(`fauxgen/intercept: ${name} -> ${origin}\n`);
}

/** The error of a connection that could have reached a vendor. */
export class RefusedConnection extends Error {
  readonly code = "FAUXGEN_REFUSED";

  constructor(host: string, why: string) {
    super(`fauxgen/intercept refused a connection to ${plainName(host)}: ${why}`);
    this.name = "RefusedConnection";
  }
}

/** Returns the error for a vendor's host that the emulator does not replace. */
export function notEmulated(host: string): RefusedConnection {
  return new RefusedConnection(host, `the host is the vendor's, and fauxgen emulates only ${emulated.join(", ")}`);
}
