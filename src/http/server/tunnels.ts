/**
 * Answers CONNECT, so that this server can be the HTTPS proxy of clients with a hard-coded host. A tunnel to a vendor's
 * host ends in this server; every other target is refused, so that the server never becomes a way to other machines.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { Socket } from "node:net";

/** By this header of CONNECT, fauxgen/intercept says which scheme the client's URLs have. */
const SCHEME_HEADER = "x-fauxgen-scheme";

const MOST_PORT = 65_535;

/** The first byte of a TLS handshake. */
export const HANDSHAKE = 0x16;

export interface TunnelOptions {
  /** The hosts to which a tunnel may be asked for. */
  readonly hosts: readonly string[];
  /** The servers that take the connections inside the tunnels; without `tls`, only plain HTTP is possible. */
  readonly plain: Server;
  readonly tls: Server | undefined;
  /** How long a client may take to send its first byte through a tunnel, in milliseconds. */
  readonly patienceMs: number;
}

/** Answers the CONNECT requests of a server. Returns a function that closes the tunnels through which nothing has come. */
export function answerTunnels(server: Server, options: TunnelOptions): () => void {
  // Node's server does not count a connection after CONNECT among those that it closes.
  const unused = new Set<Duplex>();
  server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client that disconnects needs no answer.
    socket.on("error", () => socket.destroy());
    // The preload of a Node.js client sends plain HTTP through the tunnel of a client that sees TLS.
    const isPlain = request.headers[SCHEME_HEADER] === "https";
    const refusal = refusalOf(request.url ?? "", options, isPlain);
    if (refusal !== undefined) {
      refuse(socket, refusal);
      return;
    }
    // Requests are https then, as if the socket were a TLS socket.
    if (isPlain) Object.assign(socket, { encrypted: true });
    openTunnel(socket, head, options, unused);
  });
  return () => {
    for (const socket of unused) socket.destroy();
  };
}

/** Returns the line for a client that takes this server for its proxy on the way to another host. */
export function refusalOfTarget(hosts: readonly string[]): string {
  return `This proxy opens tunnels only to ${hosts.join(", ")}. For other hosts, set NO_PROXY or use another proxy.`;
}

/** Returns why a target is refused; undefined if a tunnel may be opened. */
function refusalOf(target: string, { hosts, tls }: TunnelOptions, isPlain: boolean): string | undefined {
  const [, host = "", port = ""] = /^(.*):([1-9]\d{0,4})$/.exec(target) ?? [];
  const name = host.toLowerCase().replace(/\.$/, "");
  if (!hosts.includes(name) || Number(port) > MOST_PORT) return refusalOfTarget(hosts);
  if (port === "443" && tls === undefined && !isPlain)
    return `A tunnel to ${name}:443 needs HTTPS. Start fauxgen with --tls, and trust its authority.`;
  return undefined;
}

function refuse(socket: Duplex, why: string): void {
  const body = `fauxgen: ${why}\n`;
  socket.end(
    [
      "HTTP/1.1 403 Forbidden",
      "content-type: text/plain; charset=utf-8",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

/** Hands the connection to the server that speaks what its first byte announces. */
function openTunnel(
  socket: Duplex,
  head: Buffer,
  { plain, tls, patienceMs }: TunnelOptions,
  unused: Set<Duplex>,
): void {
  const hand = (first: Buffer): void => {
    unused.delete(socket);
    socket.removeListener("end", giveUp);
    if (socket instanceof Socket) socket.setTimeout(0).removeListener("timeout", giveUp);
    socket.unshift(first);
    const taker = first[0] === HANDSHAKE ? tls : plain;
    if (taker === undefined) {
      socket.destroy();
      return;
    }
    taker.emit("connection", socket);
    // The server of HTTP reads only what flows; that of TLS reads by itself.
    if (taker === plain) socket.resume();
  };
  const giveUp = (): void => {
    socket.destroy();
  };
  if (socket instanceof Socket) socket.setTimeout(patienceMs, giveUp);
  socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
  if (head.length > 0) {
    hand(head);
    return;
  }
  unused.add(socket);
  socket.once("close", () => unused.delete(socket));
  // A client that leaves through the tunnel without a byte would stay half-open.
  socket.once("end", giveUp);
  socket.once("data", (first: Buffer) => {
    socket.pause();
    hand(first);
  });
}
