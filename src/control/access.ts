/**
 * Decides which requests may use control.
 *
 * - `private`: clients with a loopback or private address need no token; others do. A page of another origin is
 *   refused, and so is an unknown Host (a name that an attacker pointed at a private address).
 * - `open`: every client except pages of another origin.
 * - `token`: only clients with the token.
 *
 * The right token opens control in every mode. Health and readiness are always open.
 */
import { timingSafeEqual } from "node:crypto";
import { BlockList, isIP } from "node:net";
import type { FastifyRequest, onRequestHookHandler } from "fastify";
import type { Config } from "../config.ts";
import { digestOf } from "../engine/base/ids.ts";
import type { ClientSide } from "../http/server/forwarded.ts";
import { isOwnHost } from "../http/server/own-hosts.ts";
import { problem } from "../http/errors/problems.ts";

const PRIVATE_NETWORKS = [
  ["127.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["::1", 128, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
] as const;

export type AccessSettings = Pick<Config, "control" | "controlToken" | "host" | "publicUrl">;

/** Forbids browsers to sniff the content type, because control shows text that other clients sent. */
export const forbidSniffing: onRequestHookHandler = (_request, reply, done) => {
  reply.header("x-content-type-options", "nosniff");
  done();
};

/** Returns the hook that refuses requests that may not use control; the error says how to get access. */
export function guardControl(settings: AccessSettings): onRequestHookHandler {
  const networks = privateNetworks();
  return (request, _reply, done) => {
    if (request.routeOptions.config.access === "public") {
      done();
      return;
    }
    const refusal = refusalOf(request, settings, networks);
    done(refusal === undefined ? undefined : problem("unauthorized", refusal));
  };
}

function refusalOf(request: FastifyRequest, settings: AccessSettings, networks: BlockList): string | undefined {
  const { control, controlToken } = settings;
  const token = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? "")?.[1]?.trim();
  if (token !== undefined && controlToken !== undefined && isSameText(token, controlToken)) return undefined;
  if (control === "token") return `Control needs a token here. ${adviceOnToken(controlToken)}`;
  const client = request.server.httpContext.clientSideOf(request);
  const { origin } = request.headers;
  if (origin !== undefined && !isSameOrigin(origin, client))
    return `A page of ${origin} may not use control. Call control from the test's own process, or ${lowered(adviceOnToken(controlToken))}`;
  if (control === "open") return undefined;
  if (!isPrivate(client.address, networks))
    return `${client.address ?? "The caller's address"} is not private. ${adviceOnToken(controlToken)} Or start fauxgen with --control open.`;
  if (!isExpectedHost(client.host, settings))
    return `Host "${client.host}" is not expected here. Use an address, localhost or a name of a private network, or start fauxgen with --public-url http://${client.host} or --control open.`;
  return undefined;
}

function adviceOnToken(token: string | undefined): string {
  return token === undefined
    ? "Start fauxgen with FAUXGEN_CONTROL_TOKEN=<your token> and send: Authorization: Bearer <that token>."
    : "Add the header: Authorization: Bearer <the value of FAUXGEN_CONTROL_TOKEN>.";
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Compares hashes of equal length, so that the time does not reveal how much of the text is right. */
function isSameText(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf("token", given)), Buffer.from(digestOf("token", expected)));
}

function isSameOrigin(origin: string, { host }: ClientSide): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

function isPrivate(address: string | undefined, networks: BlockList): boolean {
  // A peer without an address is connected by a local socket.
  if (address === undefined || address === "") return true;
  return networks.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function isExpectedHost(asked: string, { host, publicUrl }: AccessSettings): boolean {
  const names = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  return isOwnHost(asked, [host.toLowerCase(), ...names]);
}

function privateNetworks(): BlockList {
  const networks = new BlockList();
  for (const [address, bits, family] of PRIVATE_NETWORKS) networks.addSubnet(address, bits, family);
  return networks;
}
