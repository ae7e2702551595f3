/**
 * Lists clients that name a vendor's host where no library of the other list does: in HTTP/2, on streams of their own,
 * in joined or cut writes, in other spellings, and in processes that lost the preload's variables.
 */
import { execSync, spawn, spawnSync } from "node:child_process";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { createRequire } from "node:module";
import net from "node:net";
import { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { promisify } from "node:util";
import {
  ADDRESS,
  bare,
  headers,
  HOST,
  opened,
  outputOf,
  pathOf,
  PRINT,
  program,
  PROXY,
  rawRequest,
  statusIn,
  viaCore,
  viaSocket,
  world,
} from "./requests.ts";

const require = createRequire(import.meta.url);

function viaSession(session: http2.ClientHttp2Session, sent: http2.OutgoingHttpHeaders): Promise<unknown> {
  return new Promise((resolve, reject) => {
    session.once("error", reject);
    const stream = session.request({ ...headers, ...sent });
    stream.once("response", (found) => {
      session.destroy();
      resolve(found[":status"]);
    });
    stream.once("error", reject).resume();
  });
}

/** Passes bytes to a connection, as libraries of tunnels and of protocols in protocols do. */
async function streamTo(port: number): Promise<Duplex> {
  const socket = await opened(net.connect(port, ADDRESS));
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, encoding, done) => socket.write(chunk, encoding, done),
    final: (done) => socket.end(done),
  });
  socket.on("data", (part) => stream.push(part)).on("end", () => stream.push(null));
  socket.on("error", (error) => stream.destroy(error));
  return stream;
}

/** Writes each part in a turn of its own. */
async function viaParts(parts: readonly string[]): Promise<number> {
  const socket = net.connect(80, ADDRESS);
  const write = async (): Promise<void> => {
    for (const part of parts) {
      if (!socket.destroyed) socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return statusIn((await Promise.all([text(socket), write()]))[0]);
}

/** Runs a function in a process whose variables have lost the preload. */
async function withoutOptions<Answer>(act: () => Answer): Promise<Awaited<Answer>> {
  const options = process.env["NODE_OPTIONS"];
  delete process.env["NODE_OPTIONS"];
  try {
    return await act();
  } finally {
    if (options !== undefined) process.env["NODE_OPTIONS"] = options;
  }
}

const EARLIER = "POST /earlier HTTP/1.1\r\nhost: example.test\r\n";
const ABSOLUTE = { host: ADDRESS, port: 3128, headers: { ...headers, host: HOST } } as const;
const insecure = { rejectUnauthorized: false } as const;

export const handMadeClients: Readonly<Record<string, (client: string) => Promise<unknown>>> = {
  "HTTP/2 to an address": async (client) =>
    viaSession(http2.connect(`https://${ADDRESS}`, insecure), { ":authority": HOST, ":path": pathOf(client) }),
  "HTTP/2 to an address with a Host header": async (client) =>
    viaSession(http2.connect(`https://${ADDRESS}`, insecure), {
      ":authority": "example.test",
      host: HOST,
      ":path": pathOf(client),
    }),
  "HTTP/2 with a server name": async (client) =>
    viaSession(http2.connect(`https://${ADDRESS}`, { servername: HOST }), { ":path": pathOf(client) }),
  "HTTP/2 with a given connection": async (client) => {
    const createConnection = (): Duplex =>
      tls.connect({ host: ADDRESS, port: 443, ALPNProtocols: ["h2"], ...insecure });
    return viaSession(http2.connect(`https://${HOST}`, { createConnection }), { ":path": pathOf(client) });
  },
  "HTTP/2 by a promise": async (client) => {
    const connect = promisify(http2.connect) as unknown as (
      url: string,
      options: object,
    ) => Promise<http2.ClientHttp2Session>;
    return viaSession(await connect(`https://${ADDRESS}`, insecure), { ":authority": HOST, ":path": pathOf(client) });
  },
  "TLS on a stream of the app": async (client) =>
    viaSocket(tls.connect({ socket: await streamTo(443), ...insecure }), rawRequest(client)),
  "TLS on a stream of the app with a server name": async (client) =>
    viaSocket(tls.connect({ socket: await streamTo(443), servername: HOST }), rawRequest(client)),
  "the module of TLS sockets": async (client) => {
    const own = require("_tls_wrap") as typeof tls;
    return viaSocket(own.connect({ host: HOST, port: 443, servername: HOST }), rawRequest(client));
  },
  "a request after another in one write": async (client) =>
    viaParts([`${EARLIER}content-length: 0\r\n\r\n${rawRequest(client)}`]),
  "a request after a body": async (client) =>
    viaParts([`${EARLIER}content-length: 3\r\n\r\na`, `bc${rawRequest(client)}`]),
  "a request after chunks": async (client) =>
    viaParts([`${EARLIER}transfer-encoding: chunked\r\n\r\n3\r\nab`, `c\r\n0\r\n\r\n${rawRequest(client)}`]),
  "a request line in pieces": async (client) => {
    const request = rawRequest(client);
    return viaParts([
      request.slice(0, 9),
      request.slice(9, request.indexOf("HTTP") + 2),
      request.slice(request.indexOf("HTTP") + 2),
    ]);
  },
  "a request with two hosts": async (client) =>
    viaParts([rawRequest(client).replace("host:", "host: example.test\r\nhost:")]),
  "a kept connection to a proxy": async (client) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const earlier = { ...ABSOLUTE, agent, path: "http://example.test/", headers: { host: "example.test" } };
    await viaCore(http, `http://${ADDRESS}:3128`, earlier);
    const status = await viaCore(http, `http://${ADDRESS}:3128`, {
      ...ABSOLUTE,
      agent,
      path: `http://${HOST}${pathOf(client)}`,
    }).finally(() => {
      agent.destroy();
    });
    return status;
  },
  "another spelling of the host": async (client) =>
    viaCore(http, `http://${ADDRESS}`, {
      hostname: HOST.replaceAll(".", "\u3002").toUpperCase(),
      path: pathOf(client),
      headers: { ...headers, host: "example.test" },
    }),
  "a proxy that gets the host as its server name": async (client) => {
    const socket = await new Promise<net.Socket>((resolve, reject) => {
      https
        .request({
          host: "proxy.test",
          port: 3129,
          method: "CONNECT",
          path: `${HOST}:443`,
          headers: { host: HOST },
        })
        .once("connect", (_response, found: net.Socket) => {
          resolve(found);
        })
        .once("error", reject)
        .end();
    });
    return viaSocket(tls.connect({ socket, servername: HOST }), rawRequest(client));
  },
  "a process with the environment's proxy": async (client) => {
    const env = { ...process.env, NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: PROXY };
    const child = spawn(process.execPath, ["-e", program(client, PRINT)], { env });
    return outputOf(child);
  },
  "spawnSync without NODE_OPTIONS": async (client) =>
    withoutOptions(() =>
      Number(spawnSync(process.execPath, [...world, "-e", program(client, PRINT)], { encoding: "utf8" }).stdout),
    ),
  "execSync without NODE_OPTIONS": async (client) =>
    withoutOptions(() =>
      Number(execSync(`"${process.execPath}" ${world.join(" ")} -e '${program(client, PRINT)}'`).toString()),
    ),
  "spawn without NODE_OPTIONS": async (client) =>
    withoutOptions(() => outputOf(spawn(process.execPath, [...world, "-e", program(client, PRINT)]))),
  "a process that replaces itself": async (client) => {
    const args = JSON.stringify([process.execPath, ...world, "-e", program(client, PRINT)]);
    const code = `process.execve(process.execPath, ${args}, ${JSON.stringify(bare)})`;
    return outputOf(spawn(process.execPath, ["--no-warnings", "-e", code]));
  },
};
