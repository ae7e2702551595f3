/**
 * Finds out how a client reached the server through the proxies that are trusted: its address, and the origin that it
 * used. Every list of a header is read from the right, because only its last entries were written by proxies of ours;
 * whatever stands before them a client may have made up.
 */
import { isIP } from "node:net";
import { compile } from "@fastify/proxy-addr";
import type { FastifyRequest } from "fastify";
import type { TrustedProxies } from "../../config.ts";

/** The client's side of a request. */
export interface ClientSide {
  /** Undefined for a peer without an address, such as one of a local socket. */
  readonly address: string | undefined;
  readonly protocol: string;
  /** With its port, as a Host header has it. */
  readonly host: string;
  /** What the proxies cut off the path, such as `/emulator`; empty for nothing. */
  readonly prefix: string;
}

type IsTrusted = (address: string, hop: number) => boolean;

/** One proxy's word about the request before it; undefined where it said nothing. */
interface Hop {
  readonly for?: string | undefined;
  readonly host?: string | undefined;
  readonly proto?: string | undefined;
}

const PREFIX = /^(?:\/[A-Za-z0-9._~-]{1,64}){1,8}$/;
const PORT = /^[1-9]\d{0,4}$/;

/** Reads a trust as `proxy-addr` does; throws for an address or network that is none. */
function compileTrust(trusted: TrustedProxies): IsTrusted {
  return typeof trusted === "number" ? (_address, hop) => hop < trusted : compile([...trusted]);
}

/** Makes the reader of client sides; without trusted proxies it believes no header. */
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

/** Goes from the peer towards the client for as long as who speaks is trusted; `passed` counts the trusted. */
function clientOf(
  peer: string | undefined,
  addresses: readonly (string | undefined)[],
  isTrusted: IsTrusted,
): { address: string | undefined; passed: number } {
  let address = peer;
  for (let passed = 0; ; passed += 1) {
    // A peer of a local socket has no address that a list could name: it is this machine's.
    if (!isTrusted(address ?? "127.0.0.1", passed)) return { address, passed };
    const before = addresses[addresses.length - 1 - passed];
    // A proxy that does not say whom it speaks for is as far as can be seen.
    if (before === undefined || isIP(before) === 0) return { address, passed: passed + 1 };
    address = before;
  }
}

/** What the outermost of the trusted proxies wrote, or the only one that wrote anything. */
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

/** The elements of a Forwarded header [RFC 7239]: pairs by `;`, values that may be quoted. */
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

/** An address without its port and brackets: `[2001:db8::1]:4711`, `192.0.2.43:47011`. */
function addressOf(text: string): string {
  const inBrackets = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  if (inBrackets !== undefined && isIP(inBrackets) === 6) return inBrackets;
  const withoutPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1];
  return withoutPort ?? text;
}
