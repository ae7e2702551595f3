import type { Socket } from "node:net";
import type { FastifyRequest } from "fastify";
import type { Sandbox } from "../engine/sandbox.ts";

const HOST = /^[A-Za-z0-9.\-_[\]:]{1,255}$/;

/** What was last made of a connection's Host: clients send the same one with every request. */
const lastOrigins = new WeakMap<Socket, { readonly host: string; readonly origin: string }>();

/** The origin by which the client reached us, `http://127.0.0.1:4600`; the emulator's own address when Host is no host. */
export function originOf(request: FastifyRequest): string {
  const { host, protocol, socket } = request;
  const last = lastOrigins.get(socket);
  if (last?.host === host && last.origin.startsWith(`${protocol}:`)) return last.origin;
  const { localAddress = "127.0.0.1", localPort = 80 } = socket;
  const origin = `${protocol}://${HOST.test(host) ? host : `${localAddress}:${localPort}`}`;
  lastOrigins.set(socket, { host, origin });
  return origin;
}

/** The origin that a URL in an answer or a webhook is built on: the sandbox's or server's pinned one, else `origin`. */
export function publicOrigin(sandbox: Sandbox, origin: string): string {
  return sandbox.mediaUrl?.replace(/\/+$/, "") ?? origin;
}
