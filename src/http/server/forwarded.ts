/**
 * Finds how a client reached the server through the trusted proxies: the client's address, and the origin that it used.
 * The lists in headers are read from the right, because only the trusted proxies wrote the last entries; a client may
 * have made up the others.
 */
import { isIP } from "node:net";
import { compile } from "@fastify/proxy-addr";
import type { FastifyRequest } from "fastify";
import type { TrustedProxies } from "../../config.ts";

/** A request's address and origin on the client's side. */
export interface ClientSide {
  /** Undefined for a peer without an address, such as one of a local socket. */
  readonly address: string | undefined;
  readonly protocol: string;
  /** The host with its port, as in a Host header. */
  readonly host: string;
  /** The path prefix that the proxies cut off, such as `/emulator`; may be empty. */
  readonly prefix: string;
}

type IsTrusted = (address: string, hop: number) => boolean;

/** A proxy's statement about the request that it received; undefined fields were not stated. */
interface Hop {
  readonly for?: string | undefined;
  readonly host?: string | undefined;
  readonly proto?: string | undefined;
}

const PREFIX = /^(?:\/[A-Za-z0-9._~-]{1,64}){1,8}$/;
const PORT = /^[1-9]\d{0,4}$/;

/** Compiles the trusted proxies as `proxy-addr` does; throws for an invalid address or network. */
function compileTrust(trusted: TrustedProxies): IsTrusted {
  return typeof trusted === "number" ? (_address, hop) => hop < trusted : compile([...trusted]);
}

/** Returns the function that finds a request's client side; without trusted proxies it ignores the headers. */
export function clientSideReader(trusted: TrustedProxies | undefined): (request: FastifyRequest) => ClientSide {
  const isTrusted = trusted === undefined ? undefined : compileTrust(trusted);
  return (request) => {
    const direct = {
      address: request.socket.remoteAddress,
      protocol: request.protocol,
      host: request.host,
      prefix: "",
    };
    return isTrusted === undefined ? direct : throughProxies(request, direct, isTrusted);
  };
}

function throughProxies({ headers }: FastifyRequest, direct: ClientSide, isTrusted: IsTrusted): ClientSide {
  const forwarded = textOf(headers.forwarded);
  const hops = forwarded === undefined ? undefined : hopsOf(forwarded);
  const addresses = hops?.map((hop) => hop.for) ?? listOf(headers["x-forwarded-for"]);
  const { address, passed } = clientOf(direct.address, addresses, isTrusted);
  if (passed === 0) return direct;
  const protocol = valueAt(hops?.map(({ proto }) => proto) ?? listOf(headers["x-forwarded-proto"]), passed);
  const host = valueAt(hops?.map((hop) => hop.host) ?? listOf(headers["x-forwarded-host"]), passed) ?? direct.host;
  const port = valueAt(listOf(headers["x-forwarded-port"]), passed);
  const prefix = valueAt(listOf(headers["x-forwarded-prefix"]), passed)?.replace(/\/+$/, "") ?? "";
  const isKnownProtocol = protocol === "http" || protocol === "https";
  const scheme = isKnownProtocol ? protocol : direct.protocol;
  return {
    address,
    protocol: scheme,
    host: withPort(host, port, scheme),
    prefix: PREFIX.test(prefix) ? prefix : "",
  };
}

/** Walks from the peer towards the client while each address is trusted; `passed` counts the trusted proxies. */
function clientOf(
  peer: string | undefined,
  addresses: readonly (string | undefined)[],
  isTrusted: IsTrusted,
): { address: string | undefined; passed: number } {
  let address = peer;
  for (let passed = 0; ; passed += 1) {
    // The peer of a local socket has no address; it counts as this machine.
    if (!isTrusted(address ?? "127.0.0.1", passed)) return { address, passed };
    const before = addresses[addresses.length - 1 - passed];
    // The walk ends at a proxy that does not name its client.
    if (before === undefined || isIP(before) === 0) return { address, passed: passed + 1 };
    address = before;
  }
}

/** Returns the value that the outermost trusted proxy wrote, or the first value of a shorter list. */
function valueAt(values: readonly (string | undefined)[], passed: number): string | undefined {
  return values.length === 0 ? undefined : values[Math.max(0, values.length - passed)]?.toLowerCase();
}

function withPort(host: string, port: string | undefined, protocol: string): string {
  if (port === undefined || !PORT.test(port) || /:\d+$/.test(host)) return host;
  return port === (protocol === "https" ? "443" : "80") ? host : `${host}:${port}`;
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.join(",");
}

function listOf(header: string | readonly string[] | undefined): string[] {
  const text = textOf(header)?.trim() ?? "";
  return text === "" ? [] : text.split(",").map((value) => addressOf(value.trim()));
}

/** Parses the elements of a Forwarded header [RFC 7239]: pairs separated by `;`, whose values may be quoted. */
function hopsOf(header: string): Hop[] {
  return splitOutsideQuotes(header, ",").map((element) =>
    Object.fromEntries(
      splitOutsideQuotes(element, ";").map((pair) => {
        const [name = "", ...rest] = pair.split("=");
        const value = rest
          .join("=")
          .trim()
          .replace(/^"(.*)"$/s, "$1")
          .replaceAll(/\\(.)/gs, "$1");
        return [name.trim().toLowerCase(), name.trim().toLowerCase() === "for" ? addressOf(value) : value];
      }),
    ),
  );
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [""];
  let isQuoted = false;
  let isEscaped = false;
  for (const character of text) {
    if (character === separator && !isQuoted) {
      parts.push("");
      continue;
    }
    if (character === '"' && !isEscaped) isQuoted = !isQuoted;
    isEscaped = character === "\\" && isQuoted && !isEscaped;
    parts.push(`${parts.pop() ?? ""}${character}`);
  }
  return parts;
}

/** Removes the port and brackets of an address such as `[2001:db8::1]:4711` or `192.0.2.43:47011`. */
function addressOf(text: string): string {
  const inBrackets = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  if (inBrackets !== undefined && isIP(inBrackets) === 6) return inBrackets;
  const withoutPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1];
  return withoutPort ?? text;
}
