/** Requests that are held open, on a socket each, and let go all at once. */
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
  /** Makes so many jobs, and answers a request for each that is held until the job ends. */
  readonly prepare: (count: number) => Promise<readonly Request[]>;
  /** Resolves once so many are held. */
  readonly untilHeld: (count: number) => Promise<void>;
  /** Ends all jobs. */
  readonly release: Request;
}

/** Its sandbox is made anew for each lot of jobs, and its clock stands still until it is advanced. */
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
  /** Resolves with when each client had the last byte of its answer, in {@link performance}'s milliseconds. */
  readonly answered: Promise<readonly number[]>;
  /** Closes the sockets, whether or not they were answered. */
  readonly close: () => void;
}

/** Sockets are opened so many at a time, with a pause between. */
const STEP = 200;

/** Opens a socket for each request; resolves once all of them are held. */
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
  // They may be closed before anything waits for them.
  answered.catch(() => undefined);
  return {
    answered,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Lets all go; answers the milliseconds from asking for that to the last byte that each client got. */
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
  /** When the answer had come to its end. */
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
