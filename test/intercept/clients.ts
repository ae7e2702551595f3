/**
 * Sends one request with each client of Node.js to a vendor's hard-coded host, in a process of its own. The name of the
 * client is in the query. Prints the status or the error of each as JSON.
 */
import { execFileSync, fork, spawn } from "node:child_process";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { Worker } from "node:worker_threads";
import axios from "axios";
import got from "got";
import { HttpsProxyAgent } from "https-proxy-agent";
import nodeFetch from "node-fetch";
import { SocksProxyAgent } from "socks-proxy-agent";
import undici from "undici";
import { handMadeClients } from "./hand-made-clients.ts";
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
  urlOf,
  viaCore,
  viaSocket,
  world,
} from "./requests.ts";

/** A lookup of the client's own, which asks no resolver. */
const lookup = ((_host: string, options: { all?: boolean }, done: (...found: unknown[]) => void) => {
  process.nextTick(() => {
    if (options.all === true) done(null, [{ address: ADDRESS, family: 4 }]);
    else done(null, ADDRESS, 4);
  });
}) as unknown as net.LookupFunction;

async function viaUndici(client: string, dispatcher: undici.Dispatcher): Promise<number> {
  const { statusCode, body } = await undici.request(urlOf(client), { headers, dispatcher });
  await body.dump();
  await dispatcher.close();
  return statusCode;
}

/** Asks a proxy for a tunnel by hand, as old tunnel agents do. */
async function tunnel(): Promise<net.Socket> {
  const socket = await opened(net.connect(3128, ADDRESS));
  socket.write(`CONNECT ${HOST}:443 HTTP/1.1\r\nhost: ${HOST}:443\r\n\r\n`);
  const [answer] = (await new Promise((resolve, reject) => {
    socket.once("data", (part) => {
      resolve([part]);
    });
    socket.once("error", reject);
  })) as [Buffer];
  if (statusIn(answer.toString()) !== 200) throw new Error("No tunnel.");
  return socket;
}

function viaWorker(client: string, options: object): Promise<number> {
  const code = program(client, 'require("node:worker_threads").parentPort.postMessage(answer)');
  return new Promise((resolve, reject) => {
    new Worker(code, { eval: true, ...options }).once("message", resolve).once("error", reject);
  });
}

async function viaEnvironment<Answer>(request: () => Promise<Answer>): Promise<Answer> {
  Object.assign(process.env, { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY });
  try {
    return await request();
  } finally {
    delete process.env["HTTPS_PROXY"];
    delete process.env["HTTP_PROXY"];
  }
}

const clients: Readonly<Record<string, (client: string) => Promise<unknown>>> = {
  fetch: async (client) => (await fetch(urlOf(client), { headers })).status,
  "undici with an agent": async (client) => viaUndici(client, new undici.Agent()),
  "undici with its own lookup": async (client) => viaUndici(client, new undici.Agent({ connect: { lookup } })),
  "undici with HTTP/2": async (client) => viaUndici(client, new undici.Agent({ allowH2: true })),
  "undici with interceptors": async (client) =>
    viaUndici(
      client,
      new undici.Agent().compose(
        undici.interceptors.dns(),
        undici.interceptors.retry(),
        undici.interceptors.redirect(),
      ),
    ),
  "undici with a pool": async (client) => {
    const pool = new undici.Pool(`https://${HOST}`);
    const { statusCode, body } = await pool.request({ method: "GET", path: pathOf(client), headers });
    await body.dump();
    await pool.close();
    return statusCode;
  },
  "undici with a proxy": async (client) => viaUndici(client, new undici.ProxyAgent(PROXY)),
  "undici with a proxy by TLS": async (client) =>
    viaUndici(client, new undici.ProxyAgent({ uri: "https://proxy.test:3129" })),
  "undici with the environment's proxy": async (client) =>
    viaEnvironment(async () => viaUndici(client, new undici.EnvHttpProxyAgent())),
  https: async (client) => viaCore(https, urlOf(client)),
  http: async (client) => viaCore(http, `http://${HOST}${pathOf(client)}`),
  "https with its own lookup": async (client) => viaCore(https, urlOf(client), { lookup }),
  "http with its own lookup": async (client) => viaCore(http, `http://${HOST}${pathOf(client)}`, { lookup }),
  "https with kept connections": async (client) => {
    const agent = new https.Agent({ keepAlive: true });
    const statuses = [await viaCore(https, urlOf(client), { agent }), await viaCore(https, urlOf(client), { agent })];
    agent.destroy();
    return statuses.every((status) => status === 200) ? 200 : statuses;
  },
  "https to an address": async (client) =>
    viaCore(https, `https://${ADDRESS}${pathOf(client)}`, { headers: { ...headers, host: HOST } }),
  "https with a given connection": async (client) =>
    viaCore(https, urlOf(client), {
      agent: false,
      createConnection: () => tls.connect({ host: ADDRESS, port: 443, servername: HOST }),
    }),
  "https without verification": async (client) =>
    viaCore(https, `https://${ADDRESS}${pathOf(client)}`, {
      headers: { ...headers, host: HOST },
      servername: "",
      rejectUnauthorized: false,
    }),
  "https with an agent for the environment's proxy": async (client) => {
    const agent = new https.Agent({ proxyEnv: { HTTPS_PROXY: PROXY } } as https.AgentOptions);
    return viaCore(https, urlOf(client), { agent });
  },
  "http with an agent for the environment's proxy": async (client) => {
    const agent = new http.Agent({ proxyEnv: { HTTP_PROXY: PROXY } } as http.AgentOptions);
    return viaCore(http, `http://${HOST}${pathOf(client)}`, { agent });
  },
  http2: async (client) =>
    new Promise((resolve, reject) => {
      const session = http2.connect(`https://${HOST}`).once("error", reject);
      const stream = session.request({ ":path": pathOf(client), ...headers });
      stream.once("response", (found) => {
        session.destroy();
        resolve(found[":status"]);
      });
      stream.once("error", reject).resume();
    }),
  axios: async (client) => (await axios.get(urlOf(client), { headers })).status,
  "axios with a proxy": async (client) =>
    (await axios.get(urlOf(client), { headers, proxy: { protocol: "http", host: ADDRESS, port: 3128 } })).status,
  "axios with the environment's proxy": async (client) =>
    viaEnvironment(async () => (await axios.get(urlOf(client), { headers })).status),
  "axios with a proxy agent": async (client) =>
    (await axios.get(urlOf(client), { headers, httpsAgent: new HttpsProxyAgent(PROXY), proxy: false })).status,
  "axios with fetch": async (client) => (await axios.get(urlOf(client), { headers, adapter: "fetch" })).status,
  got: async (client) => (await got(urlOf(client), { headers, retry: { limit: 0 } })).statusCode,
  "got with HTTP/2": async (client) =>
    (await got(urlOf(client), { headers, http2: true, retry: { limit: 0 } })).statusCode,
  "got with a proxy agent": async (client) =>
    (await got(urlOf(client), { headers, agent: { https: new HttpsProxyAgent(PROXY) }, retry: { limit: 0 } }))
      .statusCode,
  "node-fetch": async (client) => (await nodeFetch(urlOf(client), { headers })).status,
  "node-fetch with a proxy agent": async (client) =>
    (await nodeFetch(urlOf(client), { headers, agent: new HttpsProxyAgent(PROXY) })).status,
  "https with a SOCKS proxy": async (client) =>
    viaCore(https, urlOf(client), { agent: new SocksProxyAgent(`socks5h://${ADDRESS}:1080`) }),
  "a tunnel by hand": async (client) =>
    viaSocket(
      await opened(tls.connect({ socket: await tunnel(), servername: HOST }), "secureConnect"),
      rawRequest(client),
    ),
  "a tunnel of http.request": async (client) => {
    const socket = await new Promise<net.Socket>((resolve, reject) => {
      http
        .request({ host: ADDRESS, port: 3128, method: "CONNECT", path: `${HOST}:443` })
        .once("connect", (_response, found: net.Socket) => {
          resolve(found);
        })
        .once("error", reject)
        .end();
    });
    return viaSocket(tls.connect({ socket, servername: HOST }), rawRequest(client));
  },
  "a tunnel without TLS": async (client) => viaSocket(await tunnel(), rawRequest(client)),
  "a given socket": async (client) =>
    viaSocket(tls.connect({ socket: await opened(net.connect(443, ADDRESS)), servername: HOST }), rawRequest(client)),
  "a TLS socket made by hand": async (client) => {
    const socket = new tls.TLSSocket(await opened(net.connect(443, ADDRESS)));
    // The method is public, and its type is missing.
    Reflect.apply(Reflect.get(socket, "setServername") as (name: string) => void, socket, [HOST]);
    return viaSocket(socket, rawRequest(client));
  },
  "a TLS socket made by hand without a server name": async (client) =>
    viaSocket(new tls.TLSSocket(await opened(net.connect(443, ADDRESS))), rawRequest(client)),
  "a request to an address": async (client) => viaSocket(net.connect(80, ADDRESS), rawRequest(client)),
  "a request in pieces": async (client) => {
    const socket = net.connect(80, ADDRESS);
    const answer = text(socket);
    const write = async (): Promise<void> => {
      for (const part of rawRequest(client).split(/(?<=\r\n)/)) {
        if (!socket.destroyed) socket.write(part);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    return statusIn((await Promise.all([answer, write()]))[0]);
  },
  "a request by a proxy": async (client) =>
    viaSocket(net.connect(3128, ADDRESS), rawRequest(client, `http://${HOST}${pathOf(client)}`)),
  "a worker": async (client) => viaWorker(client, {}),
  "a worker with its own flags": async (client) => viaWorker(client, { execArgv: world }),
  "a worker with its own environment": async (client) => viaWorker(client, { env: bare, execArgv: world }),
  spawn: async (client) => outputOf(spawn(process.execPath, ["-e", program(client, PRINT)])),
  "spawn with its own environment": async (client) =>
    outputOf(spawn(process.execPath, [...world, "-e", program(client, PRINT)], { env: bare })),
  "spawn by a shell": async (client) =>
    outputOf(spawn(`"${process.execPath}" -e '${program(client, PRINT)}'`, { shell: true })),
  execFileSync: async (client) =>
    Number(execFileSync(process.execPath, ["-e", program(client, PRINT)], { encoding: "utf8" })),
  "execFileSync with its own environment": async (client) =>
    Number(execFileSync(process.execPath, [...world, "-e", program(client, PRINT)], { encoding: "utf8", env: bare })),
  fork: async (client) => {
    const code = encodeURIComponent(program(client, "process.send(answer); process.disconnect()"));
    const child = fork(new URL(`forked.mjs`, import.meta.url), [code], { execArgv: world });
    return new Promise((resolve) => child.once("message", resolve));
  },
  ...handMadeClients,
  "another host of a vendor": async (client) =>
    (await fetch(`https://assets.sync.so${pathOf(client)}`, { headers })).status,
};

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? causeOf(error.cause) : error.message;
}

const only = process.env["ONLY"];
const answers: Record<string, unknown> = {};
for (const [client, send] of Object.entries(clients)) {
  if (only !== undefined && client !== only) continue;
  const deadline = new Promise((resolve) => setTimeout(resolve, 10_000, "no answer").unref());
  answers[client] = await Promise.race([send(client).catch(causeOf), deadline]);
}
process.stdout.write(JSON.stringify(answers), () => process.exit());
