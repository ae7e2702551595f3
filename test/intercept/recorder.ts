/** Poses as the outside world: as every vendor, as every proxy, and as every address. It records what it is asked. */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { createAuthority, createServerCertificate } from "../../src/tls/certificates.ts";
import { realHosts } from "../../src/vendors/real-hosts.ts";

export interface Recorder {
  readonly port: number;
  /** The certificate of the authority that clients must trust, to believe that this is a vendor. */
  readonly authority: string;
  /** Lines such as `TLS api.sync.so`, `CONNECT api.sync.so:443`, `GET vivix-atelier.vercel.app /api/v1/credits?by=fetch`. */
  readonly seen: readonly string[];
}

/** Bytes of a SOCKS 5 conversation without authentication. */
const SOCKS = { version: 5, greeted: Buffer.from([5, 0]), connected: Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]) };

export async function startRecorder(): Promise<Recorder> {
  const now = Date.now();
  const authority = await createAuthority(now);
  const names = [...Object.values(realHosts).flat(), "assets.sync.so", "proxy.test"];
  const { certificate: cert, key } = await createServerCertificate(authority, names, now);
  const seen: string[] = [];
  const answer = ({ method = "", url = "", headers }: IncomingMessage, response: ServerResponse): void => {
    seen.push(`${method} ${headers.host ?? "?"} ${url}`);
    response.end("outside");
  };
  const http = createHttpServer(answer);
  const https = createSecureServer({
    allowHTTP1: true,
    // HTTP/2 only for a client that offers nothing else: others check the port, which is not the recorder's.
    ALPNCallback: ({ protocols }) => (protocols.includes("http/1.1") ? "http/1.1" : protocols[0]),
    cert,
    key,
    SNICallback: (name, done) => {
      seen.push(`TLS ${name}`);
      done(null);
    },
  });
  https.on("request", ({ method, url, headers }, response) => {
    seen.push(`${method} ${headers.host ?? headers[":authority"] ?? "?"} ${url}`);
    response.end("outside");
  });
  const take = (socket: Socket): void => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      socket.pause();
      if (first[0] === SOCKS.version) {
        takeSocks(socket);
        return;
      }
      socket.unshift(first);
      const isTls = first[0] === 0x16;
      (isTls ? https : http).emit("connection", socket);
      if (!isTls) socket.resume();
    });
  };
  const takeSocks = (socket: Socket): void => {
    socket.write(SOCKS.greeted);
    socket.once("data", (request: Buffer) => {
      seen.push(`SOCKS ${/[a-z0-9-]+(?:\.[a-z0-9-]+)+/i.exec(request.toString("latin1"))?.[0] ?? "?"}`);
      socket.write(SOCKS.connected);
      take(socket);
    });
    socket.resume();
  };
  for (const server of [http, https])
    server.on("connect", ({ url = "" }: IncomingMessage, socket: Socket, head: Buffer) => {
      seen.push(`CONNECT ${url}`);
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      if (head.length > 0) socket.unshift(head);
      take(socket);
    });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    take(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, authority: authority.certificate, seen };
}
