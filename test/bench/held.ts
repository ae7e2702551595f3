import { connect, type Socket } from "node:net";
import { cpuOf, memoryOf, type Server } from "./process.ts";

export interface HeldRequests {
  readonly kibEach: number;
  /** Of one core, over a second in which nothing happens. */
  readonly cpuPercent: number;
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
}

const KEY = { "x-api-key": "fx_bench_main", "content-type": "application/json" };

/** Holds `count` requests on sockets of their own, lets all go at once, and takes the time of each first byte. */
export async function measureHeldRequests(server: Server, count: number, isOurs: boolean): Promise<HeldRequests> {
  const base = `http://127.0.0.1:${server.port}`;
  const path = isOurs ? await prepare(base) : () => "/held/x";
  const before = memoryOf(server);
  const firstBytes: Promise<number>[] = [];
  const sockets: Socket[] = [];
  for (let index = 0; index < count; index += 1) {
    const socket = connect({ port: server.port, host: "127.0.0.1" });
    sockets.push(socket);
    firstBytes.push(
      new Promise((resolve, reject) =>
        socket
          .once("data", () => {
            resolve(performance.now());
          })
          .once("error", reject),
      ),
    );
    socket.write(`GET ${path()} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: fx_bench_main\r\n\r\n`);
    if (index % 200 === 199) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (isOurs) await fetch(`${base}/_fauxgen/sandboxes/bench/waiters?count=${count}&within=20s`);
  else await new Promise((resolve) => setTimeout(resolve, 1000));
  const kibEach = (memoryOf(server) - before) / count;
  const cpuBefore = cpuOf(server);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const cpuPercent = (cpuOf(server) - cpuBefore) / 10_000;
  const began = performance.now();
  const release = isOurs ? `${base}/_fauxgen/sandboxes/bench/clock/advance` : `${base}/release`;
  void fetch(release, { method: "POST", ...(isOurs && { headers: KEY, body: JSON.stringify({ by: "10s" }) }) });
  const times = (await Promise.all(firstBytes)).map((at) => at - began).sort((a, b) => a - b);
  for (const socket of sockets) socket.destroy();
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
  return { kibEach, cpuPercent, p50: at(0.5), p99: at(0.99), last: at(1) };
}

/** Freezes the sandbox and makes a generation to wait for; answers the path that each request asks. */
async function prepare(base: string): Promise<() => string> {
  await fetch(`${base}/_fauxgen/sandboxes/bench`, {
    method: "PUT",
    headers: KEY,
    body: JSON.stringify({ clock: { mode: "frozen" } }),
  });
  const response = await fetch(`${base}/v2/generate`, {
    method: "POST",
    headers: KEY,
    body: JSON.stringify({
      model: "lipsync-2",
      input: [
        { type: "video", url: "https://media.test/v.mp4" },
        { type: "audio", url: "https://media.test/a.wav" },
      ],
    }),
  });
  const { id } = (await response.json()) as { id: string };
  return () => `/v2/generate/${id}?wait=true`;
}
