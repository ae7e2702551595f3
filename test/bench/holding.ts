/** Holds many requests open, each on its own socket, and releases all of them at once. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { readAnswer } from "./answer.ts";
import { askJson, create, KEY, SANDBOX, waitOf } from "./fauxgen.ts";
import { load } from "./measuring.ts";
import { wireOf, type Request, type Server } from "./process.ts";

/** A server that can hold requests. */
export interface Holder {
  readonly server: Server;
  /** Creates `count` jobs, and returns for each job a request that is held until the job ends. */
  readonly prepare: (count: number) => Promise<readonly Request[]>;
  /** Resolves when `count` requests are held. */
  readonly untilHeld: (count: number) => Promise<void>;
  /** The request that ends all jobs. */
  readonly release: Request;
}

/** Holds requests at fauxgen. Each group of jobs gets a new sandbox, whose clock is frozen until it is advanced. */
export function fauxgenHolder(server: Server): Holder {
  return {
    server,
    prepare: async (count) => {
      await askJson(server, { method: "DELETE", path: SANDBOX });
      await askJson(server, { method: "PUT", path: SANDBOX, body: { clock: { mode: "frozen" } } });
      return (await createJobs(server, count)).map(waitOf);
    },
    untilHeld: async (count) => {
      await askJson(server, { method: "GET", path: `${SANDBOX}/waiters?count=${count}&within=60s&limit=1` });
    },
    release: { method: "POST", path: `${SANDBOX}/clock/advance`, body: { by: "10s" } },
  };
}

export function referenceHolder(server: Server): Holder {
  return {
    server,
    prepare: async (count) =>
      (await createJobs(server, count)).map((id) => ({ method: "GET", path: `/held/${id}`, headers: KEY })),
    untilHeld: async (count) => {
      while (Number(await askJson(server, { method: "GET", path: "/held" })) < count) await pause(50);
    },
    release: { method: "POST", path: "/release" },
  };
}

async function createJobs({ port }: Server, count: number): Promise<readonly string[]> {
  const { ids } = await load({ port, wire: wireOf(create), connections: 64, count, ids: true });
  return ids;
}

export interface Held {
  /** Resolves with the time of the last byte of each client's response, in {@link performance}'s milliseconds. */
  readonly answered: Promise<readonly number[]>;
  /** Closes the sockets, answered or not. */
  readonly close: () => void;
}

/** The number of sockets that are opened at a time, before a pause. */
const STEP = 200;

/** Opens a socket for each request, and resolves when all requests are held. */
export async function hold({ server, untilHeld }: Holder, requests: readonly Request[]): Promise<Held> {
  const sockets: Socket[] = [];
  const lastBytes: Promise<number>[] = [];
  while (sockets.length < requests.length) {
    const step = requests.slice(sockets.length, sockets.length + STEP).map((request) => open(server, request));
    await Promise.all(step.map(({ socket }) => once(socket, "connect")));
    sockets.push(...step.map(({ socket }) => socket));
    lastBytes.push(...step.map(({ lastByte }) => lastByte));
    await pause(20);
  }
  await untilHeld(requests.length);
  const answered = Promise.all(lastBytes);
  // Marks a rejection as handled, because the sockets may be closed before any code awaits them.
  answered.catch(() => undefined);
  return {
    answered,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Releases all requests, and returns the milliseconds from the release to the last byte of each client's response. */
export async function letGo({ server, release }: Holder, { answered, close }: Held): Promise<number[]> {
  const began = performance.now();
  const released = askJson(server, release);
  const times = await answered;
  await released;
  close();
  return times.map((at) => at - began);
}

interface Opened {
  readonly socket: Socket;
  /** Resolves with the time of the last byte of the response. */
  readonly lastByte: Promise<number>;
}

function open({ port, name }: Server, request: Request): Opened {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write(wireOf(request));
  const lastByte = new Promise<number>((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    socket.on("data", (more) => {
      bytes = bytes.length === 0 ? more : Buffer.concat([bytes, more]);
      if (readAnswer(bytes) !== undefined) resolve(performance.now());
    });
    socket.once("close", () => {
      reject(new Error(`${name} closed a held request.`));
    });
    socket.on("error", reject);
  });
  lastByte.catch(() => undefined);
  return { socket, lastByte };
}
