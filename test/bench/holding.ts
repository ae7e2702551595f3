/** Requests that are held open, on a socket each, and let go all at once. */
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { askJson, create, KEY } from "./fauxgen.ts";
import { load } from "./measuring.ts";
import { cpuOf, memoryOf, wireOf, type Request, type Server } from "./process.ts";

/** A server that can hold requests. */
export interface Holder {
  readonly server: Server;
  /** Makes so many jobs, and answers a request for each that is held until the job ends. */
  readonly prepare: (count: number) => Promise<readonly Request[]>;
  /** Resolves once so many are held. */
  readonly untilHeld: (count: number) => Promise<void>;
  /** Ends all jobs. */
  readonly release: Request;
}

/** Of the sandbox that is measured, whose clock stands still until it is advanced. */
export async function fauxgenHolder(server: Server): Promise<Holder> {
  const sandbox = "/_fauxgen/sandboxes/bench";
  await askJson(server, { method: "PUT", path: sandbox, body: { clock: { mode: "frozen" } } });
  return {
    server,
    prepare: async (count) => {
      const { ids } = await load({ port: server.port, wire: wireOf(create), connections: 64, count, ids: true });
      return ids.map((id) => ({ method: "GET", path: `/v2/generate/${id}?wait=true`, headers: KEY }));
    },
    untilHeld: async (count) => {
      await askJson(server, { method: "GET", path: `${sandbox}/waiters?count=${count}&within=60s&limit=1` });
    },
    release: { method: "POST", path: `${sandbox}/clock/advance`, body: { by: "10s" } },
  };
}

export function referenceHolder(server: Server): Holder {
  return {
    server,
    prepare: async (count) => {
      const { ids } = await load({ port: server.port, wire: wireOf(create), connections: 64, count, ids: true });
      return ids.map((id) => ({ method: "GET", path: `/held/${id}`, headers: KEY }));
    },
    untilHeld: async (count) => {
      while (Number(await askJson(server, { method: "GET", path: "/held" })) < count) await pause(50);
    },
    release: { method: "POST", path: "/release" },
  };
}

export interface Held {
  /** Resident memory that each costs. */
  readonly kibEach: number;
  /** Lets all go; answers the milliseconds from asking for that to each client's first byte. */
  readonly release: () => Promise<number[]>;
}

/** Sockets are opened so many at a time, with a pause between. */
const STEP = 200;

export async function hold({ server, prepare, untilHeld, release }: Holder, count: number): Promise<Held> {
  const requests = await prepare(count);
  await pause(1000);
  const before = memoryOf(server);
  const sockets: Socket[] = [];
  const firstBytes: Promise<number>[] = [];
  for (const request of requests) {
    const socket = connect({ port: server.port, host: "127.0.0.1" });
    sockets.push(socket);
    firstBytes.push(
      new Promise((resolve, reject) => {
        socket.once("data", () => {
          resolve(performance.now());
        });
        socket.once("error", reject);
      }),
    );
    socket.write(wireOf(request));
    if (sockets.length % STEP === 0) await pause(20);
  }
  await untilHeld(count);
  await pause(1000);
  const kibEach = (memoryOf(server) - before) / count;
  return {
    kibEach,
    release: async () => {
      const began = performance.now();
      const [released, ...times] = await Promise.all([askJson(server, release), ...firstBytes]);
      void released;
      for (const socket of sockets) socket.destroy();
      return times.map((at) => at - began);
    },
  };
}

/** CPU of a server that is left alone, in percent of a core. */
export async function idleCpu(server: Server, ms: number): Promise<number> {
  const before = cpuOf(server);
  await pause(ms);
  return (cpuOf(server) - before) / 10 / ms;
}
