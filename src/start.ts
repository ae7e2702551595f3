/** Starts and stops a server on a real socket, for the CLI and the library. */
import type { AddressInfo, Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { buildApp } from "./app.ts";
import { ConfigError, firstGiven, nameAsWritten, type Config } from "./config.ts";
import { createWallClock } from "./engine/base/clock.ts";
import { transportOptions } from "./http/server/transport.ts";
import { answerTunnels } from "./http/server/tunnels.ts";
import { originAt } from "./platform/origin.ts";
import { describePortHolder } from "./port-holder.ts";
import type { TlsListener } from "./tls/listener.ts";
import { vendors } from "./vendors/index.ts";
import type { Vendor } from "./vendors/vendor.ts";

/** Connections that may wait to be accepted; Node's own default loses some when thousands come at once. */
const BACKLOG = 4096;

/** How long requests in flight may take once the server closes, before their connections are cut. */
const CLOSING_MS = 300;

export interface RunningServer {
  /** `http://host:port`, as a client on this machine reaches it. */
  readonly url: string;
  readonly port: number;
  /** `https://host:port`; absent unless the server also answers HTTPS. */
  readonly tlsUrl?: string;
  readonly app: FastifyInstance;
  /** Answers held requests with their state, closes the store, and finishes within a second. May be called again. */
  readonly close: () => Promise<void>;
}

/** The error for a port that the server cannot listen on; its message says why in one line. */
export class PortUnusable extends Error {}

/** Starts a server with all vendors, or with those of `list`. Throws `PortUnusable` and `ConfigError`. */
export async function listen(config: Config, list: readonly Vendor[] = vendors): Promise<RunningServer> {
  refuseUnusedTls(config);
  const app = await buildApp({ config, vendors: list, sendsOnceListening: true, loadsControlLazily: true });
  const close = closerOf(app);
  const tls = config.tls ? await addTls(app, config) : undefined;
  const tunnels = {
    hosts: list.flatMap(({ realHosts }) => realHosts),
    plain: app.server,
    tls: tls?.server,
    patienceMs: config.headerTimeout,
  };
  for (const server of [app.server, tls?.server]) {
    if (server === undefined) continue;
    const closeUnused = answerTunnels(server, tunnels);
    app.addHook("preClose", (done) => {
      closeUnused();
      done();
    });
  }
  if (config.coverageDir !== undefined) await saveCoverageIn(config.coverageDir, app, config);
  let tlsPort: number | undefined;
  try {
    await app.listen({ host: config.host, port: config.port, backlog: BACKLOG });
    tlsPort = await tls?.listen();
  } catch (error) {
    await app.close();
    throw await portError(error, config);
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    url: originAt(config.host, port),
    port,
    ...(tlsPort !== undefined && { tlsUrl: originAt(config.host, tlsPort).replace("http:", "https:") }),
    app,
    close,
  };
}

/** Saves the coverage of the server in a folder. Throws {@link ConfigError} for a folder that cannot be written. */
async function saveCoverageIn(folder: string, app: FastifyInstance, config: Config): Promise<void> {
  const { keepCoverage } = await import("./app/coverage-file.ts");
  try {
    keepCoverage(app, folder);
  } catch (error) {
    await app.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${nameAsWritten(config, "coverageDir")}: the folder cannot be written: ${reason}`);
  }
}

/** Throws {@link ConfigError} for a setting of HTTPS that no listener would use. */
function refuseUnusedTls(config: Config): void {
  if (config.tls) return;
  const unused = firstGiven(config, ["tlsPort", "tlsAuthority", "tlsAuthorityKey", "tlsNames", "tlsCert", "tlsKey"]);
  if (unused !== undefined)
    throw new ConfigError(`${nameAsWritten(config, unused)}: is used only with --tls; add it, or leave this out`);
}

/** Adds HTTPS. The modules are loaded only here, because certificates need a library that nothing else uses. */
async function addTls(app: FastifyInstance, config: Config): Promise<TlsListener> {
  const { addTlsListener } = await import("./tls/listener.ts");
  return addTlsListener(app, {
    host: config.host,
    port: config.tlsPort,
    backlog: BACKLOG,
    transport: transportOptions(config),
    credentials: async () => {
      const { chooseCredentials } = await import("./tls/server-credentials.ts");
      return chooseCredentials(config, createWallClock().now());
    },
  });
}

/**
 * Returns a function that closes the app without waiting for idle clients. Node's server waits for every connection
 * until its time-out, even if a browser opened it without a request or a client stopped half-way through a request.
 */
function closerOf(app: FastifyInstance): () => Promise<void> {
  const sockets = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const close = async (): Promise<void> => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    const spare = createWallClock().after(CLOSING_MS, () => {
      for (const socket of sockets) socket.destroy();
    });
    await app.close();
    spare();
  };
  let closing: Promise<void> | undefined;
  return async () => (closing ??= close());
}

async function portError(error: unknown, { host, port }: Config): Promise<unknown> {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const where = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return new PortUnusable(
        `${where} is in use by ${await describePortHolder(host, port)}. Stop it, or choose another port with --port.`,
        { cause: error },
      );
    case "EACCES":
      return new PortUnusable(`This user may not listen on ${where}. Choose a port above 1023 with --port.`, {
        cause: error,
      });
    case "EADDRNOTAVAIL":
      return new PortUnusable(`${host} is not an address of this machine. Choose another with --host.`, {
        cause: error,
      });
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new PortUnusable(`${host} is not a name of this machine. Choose an address with --host.`, {
        cause: error,
      });
    default:
      return error;
  }
}
