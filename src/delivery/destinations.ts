/**
 * Decides where webhooks may be sent. Loopback and private addresses are always allowed; others only if
 * `--webhooks-allow` names the host; link-local and cloud metadata addresses never. A name is checked by the address
 * that it resolves to at connection time, so a name cannot change its address after the check. A public name is not
 * looked up unless it is allowed.
 */
import { withoutSecrets } from "../wording/shown-urls.ts";
import { lookup as resolve, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { HOSTS_FILE, isLocalHostname } from "../platform/local-hostnames.ts";

type Network = readonly [address: string, bits: number, family: "ipv4" | "ipv6"];

const LOCAL: readonly Network[] = [
  ["127.0.0.0", 8, "ipv4"],
  ["0.0.0.0", 32, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["::1", 128, "ipv6"],
  ["::", 128, "ipv6"],
  ["fc00::", 7, "ipv6"],
];

const FORBIDDEN: readonly Network[] = [
  // Link-local addresses, where AWS, Google, Azure and others serve instance metadata.
  ["169.254.0.0", 16, "ipv4"],
  ["fe80::", 10, "ipv6"],
  // The same addresses behind NAT64 and 6to4, and in the forms of IPv6 that hold an IPv4 address.
  ["64:ff9b::a9fe:0", 112, "ipv6"],
  ["64:ff9b:1::a9fe:0", 112, "ipv6"],
  ["2002:a9fe::", 32, "ipv6"],
  ["::a9fe:0", 112, "ipv6"],
  ["::ffff:0:a9fe:0", 112, "ipv6"],
  // Metadata addresses of AWS and Google over IPv6, of Alibaba and Oracle, and Azure's wire server.
  ["fd00:ec2::254", 128, "ipv6"],
  ["fd20:ce::254", 128, "ipv6"],
  ["100.100.100.200", 32, "ipv4"],
  ["192.0.0.192", 32, "ipv4"],
  ["168.63.129.16", 32, "ipv4"],
  // Multicast and broadcast.
  ["224.0.0.0", 4, "ipv4"],
  ["255.255.255.255", 32, "ipv4"],
  ["ff00::", 8, "ipv6"],
];

/** Thrown for a destination that webhooks may not be sent to; the message says why and how to allow it. */
export class DestinationRefused extends Error {
  readonly code = "DESTINATION_REFUSED";
}

export interface DestinationSettings {
  /** Hosts that are allowed at any address: a name, `*.example.com`, or `*`. */
  readonly allow: readonly string[];
  /** Replacement hosts to connect to, by `host` or `host:port` of the URL. */
  readonly rewrite: Readonly<Record<string, string>>;
}

/** The address to connect to, which may differ from the URL (and so from the Host header). */
export interface Target {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly isTls: boolean;
}

export class Destinations {
  readonly #settings: DestinationSettings;
  readonly #local = networks(LOCAL);
  readonly #forbidden = networks(FORBIDDEN);
  readonly #hostsFile: string;

  constructor(settings: DestinationSettings, hostsFile = HOSTS_FILE) {
    this.#settings = settings;
    this.#hostsFile = hostsFile;
  }

  /** Returns the target of a URL. Throws {@link DestinationRefused} if the URL alone shows that it is not allowed. */
  targetOf(url: string): Target {
    const shown = withoutSecrets(url);
    if (!URL.canParse(url)) throw new DestinationRefused(`${shown} is not a URL.`);
    const { protocol, host, hostname, port, pathname, search } = new URL(url);
    if (protocol !== "http:" && protocol !== "https:")
      throw new DestinationRefused(`${shown}: webhooks go to http and https URLs only.`);
    if (/^\/_fauxgen(?:\/|$)/i.test(decoded(pathname)))
      throw new DestinationRefused(`${shown}: webhooks do not go to the control API of an emulator.`);
    const isTls = protocol === "https:";
    const { rewrite } = this.#settings;
    const instead = rewrite[host] ?? rewrite[hostname];
    const connected = instead === undefined ? undefined : new URL(`${protocol}//${instead}`);
    const chosenPort = (connected?.port ?? "") || port;
    if (chosenPort === "0") throw new DestinationRefused(`${shown}: no receiver listens on port 0.`);
    const target: Target = {
      host: bare(connected?.hostname ?? hostname),
      port: chosenPort === "" ? (isTls ? 443 : 80) : Number(chosenPort),
      path: `${pathname}${search}`,
      isTls,
    };
    if (isIP(target.host) !== 0) this.#check(target.host, target.host);
    // A host named by a rewrite is allowed, because the user chose it.
    else if (instead === undefined) this.#checkName(target.host);
    return target;
  }

  /** Resolves a name for a connection, and returns only its allowed addresses. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    // Names below localhost are this machine [RFC 6761], even if a resolver does not know them.
    const name = /\.localhost\.?$/i.test(hostname) ? "localhost" : hostname;
    resolve(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const { refusal, permitted } = this.#sift(hostname, addresses);
      const [first] = permitted;
      if (first === undefined) callback(refusal ?? new DestinationRefused(`${hostname} has no address.`), []);
      else if (options.all === true) callback(null, [...permitted]);
      else callback(null, first.address, first.family);
    });
  };

  #sift(
    hostname: string,
    addresses: readonly LookupAddress[],
  ): { permitted: LookupAddress[]; refusal?: DestinationRefused } {
    let refusal: DestinationRefused | undefined;
    const permitted = addresses.filter(({ address }) => {
      try {
        this.#check(hostname, address);
        return true;
      } catch (error) {
        if (!(error instanceof DestinationRefused)) throw error;
        refusal = error;
        return false;
      }
    });
    return { permitted, ...(refusal !== undefined && { refusal }) };
  }

  #check(hostname: string, address: string): void {
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const where = hostname === address ? address : `${hostname} resolves to ${address}, which`;
    if (this.#forbidden.check(address, family))
      throw new DestinationRefused(`${where} is a link-local, metadata or multicast address: webhooks never go there.`);
    if (this.#local.check(address, family) || this.#isAllowed(hostname)) return;
    throw new DestinationRefused(
      `${where} is neither loopback nor private. Start fauxgen with --webhooks-allow ${hostname} to allow webhooks there.`,
    );
  }

  /** Throws for a name that is not allowed, before a resolver is asked about it. */
  #checkName(name: string): void {
    if (this.#isAllowed(name) || isLocalHostname(name, this.#hostsFile)) return;
    throw new DestinationRefused(
      `${name} is not a name of this machine or of a private network, so it was not looked up. Start fauxgen with ` +
        `--webhooks-allow ${name} to allow webhooks there.`,
    );
  }

  #isAllowed(hostname: string): boolean {
    const name = hostname.toLowerCase();
    return this.#settings.allow.some((allowed) => {
      const pattern = bare(allowed.toLowerCase());
      return pattern === "*" || pattern === name || (pattern.startsWith("*.") && name.endsWith(pattern.slice(1)));
    });
  }
}

function networks(list: readonly Network[]): BlockList {
  const networks = new BlockList();
  for (const [address, bits, family] of list) networks.addSubnet(address, bits, family);
  return networks;
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, "");

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
