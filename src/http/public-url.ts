import type { FastifyRequest } from "fastify";
import type { Sandbox } from "../engine/sandbox.ts";

const HOST = /^[A-Za-z0-9.\-_[\]:]{1,255}$/;

/** The origin by which the client reached us, `http://127.0.0.1:4600`; the emulator's own address when Host is no host. */
export function originOf(request: FastifyRequest): string {
  const host = request.host;
  if (HOST.test(host)) return `${request.protocol}://${host}`;
  const { localAddress, localPort } = request.socket;
  return `${request.protocol}://${localAddress ?? "127.0.0.1"}:${localPort ?? 80}`;
}

/** The origin that a URL in an answer or a webhook is built on: the sandbox's or server's pinned one, else `origin`. */
export function publicOrigin(sandbox: Sandbox, origin: string): string {
  return sandbox.mediaUrl?.replace(/\/+$/, "") ?? origin;
}
