/**
 * Attacks the memory of a server, one greedy client at a time: bodies, waits, headers, unread events, uploads and
 * sandboxes. The process must live, its resident memory must stay below a limit, and a reset must give the memory back.
 */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inParallel, pieces, send } from "./sending.ts";
import { startServer, type LoadedServer } from "./server.ts";

const MIB = 1024 ** 2;

/** The limit of the heap of each attacked process. */
const HEAP_MIB = 300;

/** The limit of its resident memory at any time. */
const RESIDENT_MIB = 700;

/** How much more may be live after a reset than before the attack. */
const KEPT_MIB = 40;

export interface GreedOptions {
  /** The part of each attack's numbers to use; 1 for all. */
  readonly scale: number;
  readonly withData: boolean;
  readonly cli?: string | undefined;
  /** The attacks to run; all by default. */
  readonly only?: readonly string[];
}

export interface GreedAccount {
  readonly attacks: readonly {
    readonly attack: string;
    /** How often each status was answered. */
    readonly statuses: Readonly<Record<string, number>>;
    readonly peakMiB: number;
    readonly liveBeforeMiB: number;
    readonly liveAfterResetMiB: number;
    readonly seconds: number;
  }[];
  readonly violations: readonly string[];
}

interface Target {
  readonly url: string;
  readonly count: (of: number) => number;
  readonly note: (status: number | string) => void;
}

type Attack = (target: Target) => Promise<void>;

const key = (sandbox: string): string => `Bearer fx_${sandbox}_main`;

const CREATE = '{"model":"flux-2-dev","prompt":"a lighthouse","input_image":"';

const attacks: Readonly<Record<string, Attack>> = {
  "chunked refused bodies of 31 MiB": async ({ url, count, note }) => {
    const headers = {
      authorization: key("chunked"),
      "content-type": "application/json",
      "transfer-encoding": "chunked",
    };
    await inParallel(count(200), 16, async () => {
      // A list, which the vendor refuses once it was read.
      note(await send(`${url}/api/ai/queue`, { headers }, pieces('["', 31 * MIB, '"]')));
    });
  },
  "creates of 31 MiB": async ({ url, count, note }) => {
    const size = 31 * MIB;
    const headers = {
      authorization: key("large"),
      "content-type": "application/json",
      "content-length": String(size + CREATE.length + 2),
    };
    await inParallel(count(64), 8, async () => {
      note(await send(`${url}/api/ai/queue`, { headers }, pieces(CREATE, size, '"}')));
    });
  },
  "aborted waits on a frozen clock": async ({ url, count, note }) => {
    const sandbox = "waits";
    await send(`${url}/_fauxgen/sandboxes/${sandbox}`, { method: "PUT" });
    await send(`${url}/_fauxgen/sandboxes/${sandbox}/clock/freeze`, {});
    const headers = { "x-api-key": `fx_${sandbox}_main`, "content-type": "application/json" };
    const created = await fetch(`${url}/v2/generate`, {
      method: "POST",
      headers,
      body: JSON.stringify({
        model: "lipsync-2",
        input: [
          { type: "video", url: "https://media.test/v.mp4" },
          { type: "audio", url: "https://media.test/a.wav" },
        ],
      }),
    });
    const { id } = (await created.json()) as { id: string };
    const { hostname, port } = new URL(url);
    const get = `GET /v2/generate/${id}?wait=true HTTP/1.1\r\nhost: ${hostname}\r\nx-api-key: fx_${sandbox}_main\r\n\r\n`;
    await inParallel(count(50_000), 200, async () => {
      const socket = connect(Number(port), hostname);
      await once(socket, "connect");
      socket.write(get);
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.resetAndDestroy();
      await once(socket, "close");
    });
    // The last of them may not have been noticed yet.
    let held = Number.NaN;
    for (let look = 0; look < 50 && held !== 0; look += 1) {
      const waiters = await fetch(`${url}/_fauxgen/sandboxes/${sandbox}/waiters`);
      held = ((await waiters.json()) as { total: number }).total;
    }
    note(`held ${held}`);
  },
  "requests with 14 KiB of headers": async ({ url, count, note }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const padding = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [`x-padding-${index}`, "h".repeat(1000)]),
    );
    await inParallel(count(10_000), 50, async (index) => {
      const headers = { ...padding, "x-api-key": `fx_headers-${index % 40}_main` };
      note(await send(`${url}/v2/generations`, { method: "GET", headers, agent }));
    });
    agent.destroy();
  },
  "unread followers": async ({ url, count, note }) => {
    const { hostname, port } = new URL(url);
    const sockets = await Promise.all(
      Array.from({ length: count(300) }, async () => {
        const socket = connect(Number(port), hostname).on("error", () => undefined);
        await once(socket, "connect");
        socket.write(`GET /_fauxgen/events HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
        socket.pause();
        return socket;
      }),
    );
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const headers = { "x-api-key": "fx_events_main" };
    await inParallel(count(8000), 20, async () => {
      note(await send(`${url}/v2/generations?sortBy=${"e".repeat(2000)}`, { method: "GET", headers, agent }));
    });
    agent.destroy();
    for (const socket of sockets) socket.destroy();
  },
  "uploads of 64 MiB": async ({ url, count, note }) => {
    await inParallel(count(20), 4, async (index) => {
      const slot = await fetch(`${url}/v2/assets/upload`, {
        method: "POST",
        headers: { "x-api-key": `fx_uploads-${index % 6}_main`, "content-type": "application/json" },
        body: JSON.stringify({ fileName: "v.mp4", contentType: "video/mp4", size: 64 * MIB }),
      });
      const { uploadUrl } = (await slot.json()) as { uploadUrl: string };
      const size = 64 * MIB;
      const headers = { "content-type": "video/mp4", "content-length": String(size) };
      note(await send(uploadUrl, { method: "PUT", headers }, pieces("", size, "")));
    });
  },
  sandboxes: async ({ url, count, note }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    await inParallel(count(20_000), 50, async (index) => {
      note(
        await send(`${url}/v2/generations`, {
          method: "GET",
          headers: { "x-api-key": `fx_many-${index}_main` },
          agent,
        }),
      );
    });
    agent.destroy();
  },
};

/** Runs each attack against a process of its own. */
export async function attackMemory({ scale, withData, cli, only }: GreedOptions): Promise<GreedAccount> {
  const violations: string[] = [];
  const done: GreedAccount["attacks"][number][] = [];
  for (const [attack, run] of Object.entries(attacks)) {
    if (only !== undefined && !only.includes(attack)) continue;
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-greed-"));
    const args = withData ? ["--data", join(folder, "greed.db")] : [];
    const server = await startServer(["--log-level", "error", ...args], { cli, heapMiB: HEAP_MIB, isMeasured: true });
    const statuses: Record<string, number> = {};
    try {
      const before = await liveMiB(server);
      const began = performance.now();
      await run({
        url: server.url,
        count: (of) => Math.max(1, Math.round(of * scale)),
        note: (status) => {
          statuses[status] = (statuses[status] ?? 0) + 1;
        },
      });
      const seconds = Math.round((performance.now() - began) / 1000);
      await resetAll(server.url);
      const after = await liveMiB(server);
      const peakMiB = peakOf(server);
      const figures = { attack, statuses, peakMiB, liveBeforeMiB: before, liveAfterResetMiB: after, seconds };
      done.push(figures);
      if (peakMiB > RESIDENT_MIB) violations.push(`${attack}: ${peakMiB} MiB were resident`);
      if (after > before + KEPT_MIB)
        violations.push(`${attack}: ${before} MiB were live before, and ${after} MiB after a reset`);
    } catch (error) {
      violations.push(`${attack}: ${String(error)} ${server.errors().slice(-2000)}`);
    } finally {
      const { code, signal } = await server.stop();
      if (code !== 0)
        violations.push(`${attack}: the process ended with ${String(code ?? signal)}: ${server.errors().slice(-500)}`);
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { attacks: done, violations };
}

async function resetAll(url: string): Promise<void> {
  const { items } = (await (await fetch(`${url}/_fauxgen/sandboxes`)).json()) as { items: { name: string }[] };
  for (const { name } of items) {
    const response = await fetch(`${url}/_fauxgen/sandboxes/${name}`, { method: "DELETE" });
    await response.arrayBuffer();
  }
  // The memory of a database without a file is given back in slices.
  await new Promise((resolve) => setTimeout(resolve, 2000));
}

/** Returns the memory that is live after a full collection, with that of the store. */
async function liveMiB(server: LoadedServer): Promise<number> {
  const { heapUsed, external } = await server.measure();
  const ready = (await (await fetch(`${server.url}/_fauxgen/ready`)).json()) as { memory: { by: { store: number } } };
  return Math.round((heapUsed + external + ready.memory.by.store) / MIB);
}

/** Returns the highest resident memory that the process has had. */
function peakOf({ child }: LoadedServer): number {
  const status = readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8");
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024);
}
