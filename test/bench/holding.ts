/** Requests that are held open, on a socket each, and let go all at once. */
import { once } from "node:events";
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
  /** Collects the server's garbage, and answers the bytes of its heap that are in use. */
  readonly collect: () => Promise<number>;
}

/** Of the sandbox that is measured, whose clock stands still until it is advanced. */
export async function fauxgenHolder(server: Server, collect: Holder["collect"]): Promise<Holder> {
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
    collect,
  };
}

export function referenceHolder(server: Server, collect: Holder["collect"]): Holder {
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
    collect,
  };
}

export interface Weight {
  /** Resident, with whatever garbage making them left. */
  readonly resident: number;
  /** Resident, and on the JavaScript heap, once garbage was collected. */
  readonly collected: number;
  readonly heap: number;
}

export interface Held {
  /** What the memory grew by for each, in KiB. */
  readonly weigh: () => Promise<Weight>;
  /** Lets all go; answers the milliseconds from asking for that to each client's first byte. */
  readonly release: () => Promise<number[]>;
}

/** Sockets are opened so many at a time, with a pause between. */
const STEP = 200;

export async function hold(holder: Holder, count: number): Promise<Held> {
  const { server, collect } = holder;
  const requests = await holder.prepare(count);
  const heapBefore = await collect();
  await pause(1000);
  const before = memoryOf(server);
  const sockets: Socket[] = [];
  const firstBytes: Promise<number>[] = [];
  while (sockets.length < count) {
    const step = requests.slice(sockets.length, sockets.length + STEP).map((request) => open(server, request));
    await Promise.all(step.map(({ socket }) => once(socket, "connect")));
    sockets.push(...step.map(({ socket }) => socket));
    firstBytes.push(...step.map(({ firstByte }) => firstByte));
    await pause(20);
  }
  await holder.untilHeld(count);
  await pause(1000);
  return {
    weigh: async () => {
      const resident = (memoryOf(server) - before) / count;
      const heap = (await collect()) - heapBefore;
      await pause(1000);
      return { resident, collected: (memoryOf(server) - before) / count, heap: heap / 1024 / count };
    },
    release: async () => {
      const began = performance.now();
      const answered = askJson(server, holder.release);
      const times = await Promise.all(firstBytes);
      await answered;
      for (const socket of sockets) socket.destroy();
      return times.map((at) => at - began);
    },
  };
}

interface Opened {
  readonly socket: Socket;
  /** When it came. */
  readonly firstByte: Promise<number>;
}

function open({ port, name }: Server, request: Request): Opened {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write(wireOf(request));
  const firstByte = new Promise<number>((resolve, reject) => {
    socket.once("data", () => {
      resolve(performance.now());
    });
    socket.once("close", () => {
      reject(new Error(`${name} closed a held request.`));
    });
    socket.on("error", reject);
  });
  // It may come to nothing before anybody waits for it.
  firstByte.catch(() => undefined);
  return { socket, firstByte };
}

/** CPU of a server that is left alone, in percent of a core. */
export async function idleCpu(server: Server, ms: number): Promise<number> {
  const before = cpuOf(server);
  await pause(ms);
  return (cpuOf(server) - before) / 10 / ms;
}
