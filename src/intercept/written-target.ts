/**
 * Finds the host that the first bytes of a connection name: in the request line or the Host header of an HTTP request,
 * in the server name of a TLS handshake, or in a SOCKS request. A client that dials a proxy or an address names the
 * real host only there.
 */

export interface WrittenTarget {
  readonly host: string;
  readonly how: "tunnel" | "request" | "handshake" | "socks";
  /** Whether the bytes are exactly one request without a body, so that it can be answered in the proxy's place. */
  readonly isWhole: boolean;
}

const REQUEST_LINE = /^([A-Z-]{2,20}) (\S+) HTTP\/1\.[01]\r?\n/;
const END_OF_HEAD = /\r?\n\r?\n/;
const HANDSHAKE = 0x16;
const SOCKS_VERSIONS: readonly (number | undefined)[] = [4, 5];
/** Longer than any SOCKS request: a name of 255 bytes, its frame, and a user's name. */
const LONGEST_SOCKS = 600;

/** Returns whether bytes begin an HTTP request whose headers are not complete. */
export function isIncompleteHead(bytes: Buffer): boolean {
  const text = bytes.toString("latin1");
  return REQUEST_LINE.test(text) && !END_OF_HEAD.test(text);
}

/** Returns the first host for which `isWanted` holds; undefined if the bytes name none. */
export function writtenTarget(bytes: Buffer, isWanted: (host: string) => boolean): WrittenTarget | undefined {
  if (bytes[0] === HANDSHAKE) return namedIn(bytes, "handshake", isWanted);
  if (SOCKS_VERSIONS.includes(bytes[0]))
    return bytes.length > LONGEST_SOCKS ? undefined : namedIn(bytes, "socks", isWanted);
  const text = bytes.toString("latin1");
  const [line, method, target = ""] = REQUEST_LINE.exec(text) ?? [];
  if (line === undefined) return undefined;
  const end = END_OF_HEAD.exec(text);
  const isWhole = end !== null && end.index + end[0].length === text.length;
  const own = hostOf(target);
  const header = hostOf(/^host:[ \t]*(\S+)/im.exec(text.slice(line.length, end?.index))?.[1] ?? "");
  const host = [own, header].find((each) => each !== undefined && isWanted(each));
  if (host === undefined) return undefined;
  return { host, how: method === "CONNECT" ? "tunnel" : "request", isWhole };
}

/** Returns the host of an authority or of an absolute URL; undefined for a path. */
function hostOf(target: string): string | undefined {
  if (target === "" || target.startsWith("/")) return undefined;
  const authority = target.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[/?#].*$/s, "");
  return authority.replace(/^.*@/s, "").replace(/:\d*$/, "");
}

/** Looks for the name in ASCII, as a handshake and a SOCKS request contain it. */
function namedIn(
  bytes: Buffer,
  how: "handshake" | "socks",
  isWanted: (host: string) => boolean,
): WrittenTarget | undefined {
  const names = bytes.toString("latin1").match(/[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi) ?? [];
  // A length byte before the name may be a letter or a digit.
  const host = names.flatMap((name) => [name, name.slice(1)]).find(isWanted);
  return host === undefined ? undefined : { host, how, isWhole: false };
}
