/** Serves HTTPS beside HTTP, for clients that use the vendors' host names and require TLS. */
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import type { TransportOptions } from "../http/server/transport.ts";
import { refuseUnreadable } from "../http/server/unreadable.ts";
import type { Credentials } from "./certificates.ts";

export interface TlsOptions {
  readonly host: string;
  readonly port: number;
  readonly backlog: number;
  readonly transport: TransportOptions;
  /** Called once the app listens, so that a start that fails writes no file. */
  readonly credentials: () => Promise<Credentials>;
}

export interface TlsListener {
  readonly server: https.Server;
  /** Listens, and returns the port. Call it once the app listens. */
  readonly listen: () => Promise<number>;
}

/** Adds an HTTPS listener that closes with the app. Call it before the app is ready, because it adds closing hooks. */
export function addTlsListener(app: FastifyInstance, options: TlsOptions): TlsListener {
  const { host, port, backlog, transport, credentials } = options;
  const server = https.createServer({ ...transport }, (request, response) => {
    app.routing(request, response);
  });
  server.on("clientError", refuseUnreadable);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  app.addHook("preClose", (done) => {
    server.close();
    server.closeIdleConnections();
    done();
  });
  // Held requests have been answered by now; the remaining connections are cut.
  app.addHook("onClose", (_instance, done) => {
    for (const socket of sockets) socket.destroy();
    done();
  });
  return {
    server,
    listen: async () => {
      const { certificate: cert, key } = await credentials();
      server.setSecureContext({ cert, key });
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host, port, backlog }, resolve);
      });
      return (server.address() as AddressInfo).port;
    },
  };
}
