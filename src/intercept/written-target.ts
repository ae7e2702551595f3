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

const REQUEST_LINE = /^([A-Za-z-]{2,20}) (\S+) HTTP\/1\.[01]\r?\n/;
const END_OF_HEAD = /\r?\n\r?\n/;
/** A line that may become a request line. */
const BEGUN_REQUEST_LINE = /^[A-Za-z-]{1,20}(?: \S*(?: (?:HTTP\/1\.[01]|HTTP\/1?\.?|H|HT|HTT|HTTP)?)?)?\r?$/;
const HANDSHAKE = 0x16;
const TLS_MAJOR_VERSION = 3;
/** Longer heads are not read. */
const MOST_HEAD_BYTES = 64 * 1024;
/** Longer than any SOCKS request: a name of 255 bytes, its frame, and a user's name. */
const LONGEST_SOCKS = 600;

/** Returns whether bytes begin an HTTP request whose headers are not complete. */
export function isIncompleteHead(bytes: Buffer): boolean {
  const text = bytes.toString("latin1");
  return REQUEST_LINE.test(text) && !END_OF_HEAD.test(text);
}

/** Returns whether bytes are a part of a request line. */
export function isBegunRequestLine(bytes: Buffer): boolean {
  return bytes.length <= MOST_HEAD_BYTES && BEGUN_REQUEST_LINE.test(bytes.toString("latin1"));
}

export interface RequestHead {
  readonly length: number;
  readonly isChunked: boolean;
  readonly contentLength: number;
}

/** Returns how a request's head frames its body; undefined if bytes do not begin with a complete head. */
export function requestHead(bytes: Buffer): RequestHead | undefined {
  const text = bytes.toString("latin1", 0, MOST_HEAD_BYTES);
  const end = REQUEST_LINE.test(text) ? END_OF_HEAD.exec(text) : null;
  if (end === null) return undefined;
  const head = text.slice(0, end.index);
  return {
    length: end.index + end[0].length,
    isChunked: /^transfer-encoding:.*\bchunked\s*$/im.test(head),
    contentLength: Number(/^content-length:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0),
  };
}

/** Returns the first host for which `isWanted` holds; undefined if the bytes name none. */
export function writtenTarget(bytes: Buffer, isWanted: (host: string) => boolean): WrittenTarget | undefined {
  if (bytes[0] === HANDSHAKE && bytes[1] === TLS_MAJOR_VERSION) return namedIn(bytes, "handshake", isWanted);
  if (isSocks(bytes)) return namedIn(bytes, "socks", isWanted);
  const text = bytes.toString("latin1", 0, MOST_HEAD_BYTES);
  const [line, method, target = ""] = REQUEST_LINE.exec(text) ?? [];
  if (line === undefined) return undefined;
  const end = END_OF_HEAD.exec(text);
  const isWhole = end !== null && end.index + end[0].length === bytes.length;
  // A proxy may read the last of several Host headers.
  const headers = text.slice(line.length, end?.index).matchAll(/^host[ \t]*:[ \t]*(\S+)/gim);
  const named = [target, ...Array.from(headers, ([, value = ""]) => value)].map(hostOf);
  const host = named.find((each) => each !== undefined && isWanted(each));
  if (host === undefined) return undefined;
  return { host, how: method === "CONNECT" ? "tunnel" : "request", isWhole };
}

/** Returns whether bytes are a client's part of a SOCKS conversation. */
function isSocks(bytes: Buffer): boolean {
  const [version, next = 0] = bytes;
  if (bytes.length > LONGEST_SOCKS) return false;
  // A command; in version 5, also the number of methods in a greeting.
  return (version === 4 && next <= 2) || (version === 5 && next <= 9);
}

/** Returns the host of an authority or of an absolute URL; undefined for a path. */
export function hostOf(target: string): string | undefined {
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
