/**
 * A mixed load of all four vendors in many sandboxes, with requests that are held, webhooks, faults and resets. Every
 * transition is heard through the stream of events: none may be lost or repeated, and nobody may get a 5xx unasked.
 */
import { jobs } from "./jobs.ts";
import { createRandom, type Random } from "./random.ts";
import { openReceiver } from "./receiver.ts";
import { startServer } from "./server.ts";

const CLIENTS = 16;
/** What a stored generation takes, without `--data`: that much is no leak. */
const STORED_MIB = 4 / 1024;
/** What memory may grow by from the first third to the end. */
const GROWTH = 1.25;

export interface SoakAccount {
  readonly seconds: number;
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly resets: number;
  readonly faults: number;
  /** Requests that a fault broke, as asked. */
  readonly broken: number;
  /** Every generation, by how it went: its transitions, or `reset` for those whose sandbox began anew. */
  readonly generations: Readonly<Record<string, number>>;
  readonly webhooks: number;
  readonly memoryMiB: { readonly firstThird: number; readonly end: number };
  readonly violations: readonly string[];
}

interface Heard {
  readonly sandbox: string;
  readonly kind: string;
  readonly vendor: string;
  readonly id: string;
  readonly from?: string;
  readonly to?: string;
}

export async function soak(options: {
  seconds: number;
  sandboxes: number;
  seed: number;
  cli?: string | undefined;
}): Promise<SoakAccount> {
  const { seconds, sandboxes, seed, cli } = options;
  const receiver = await openReceiver(9);
  const server = await startServer(["--timing", "queued=100ms,processing=300ms", "--journal-entries", "200"], { cli });
  const { url } = server;
  const violations: string[] = [];
  const lives = new Map<string, string[]>();
  const statuses: Record<string, number> = {};
  const generations: Record<string, number> = {};
  const counts = { requests: 0, resets: 0, faults: 0, broken: 0 };
  const leave = new AbortController();
  const close = (key: string, how: string): void => {
    generations[how] = (generations[how] ?? 0) + 1;
    lives.delete(key);
  };
  const hear = ({ sandbox, kind, vendor, id, from, to }: Heard): void => {
    const key = `${sandbox} ${vendor} ${id}`;
    if (kind === "sandbox.reset") {
      for (const each of [...lives.keys()]) if (each.startsWith(`${sandbox} `)) close(each, "reset");
      return;
    }
    const life = lives.get(key);
    if (kind === "generation.created") lives.set(key, ["queued"]);
    else if (kind === "generation.transition" && to !== undefined) {
      if (life === undefined) violations.push(`${key}: ${String(from)} to ${to} after its end, or before it was made`);
      else if (life.at(-1) !== from)
        violations.push(`${key}: ${life.join(", ")} and then from ${String(from)} to ${to}`);
      else if (life.push(to) > 0 && !["queued", "processing"].includes(to)) close(key, life.join(" > "));
    }
  };
  const hearing = listen(`${url}/_fauxgen/events?kinds=generation.,sandbox.reset`, leave.signal, hear);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const until = performance.now() + seconds * 1000;
  const ask = async (path: string, init: RequestInit, mayFail: boolean): Promise<Response | undefined> => {
    counts.requests += 1;
    try {
      const response = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(60_000) });
      statuses[response.status] = (statuses[response.status] ?? 0) + 1;
      const diagnostic = response.headers.get("x-fauxgen-diagnostic") ?? "";
      const isAsked = diagnostic.includes("FAULT_APPLIED") || diagnostic.includes("SANDBOX_WAS_RESET");
      if (response.status >= 500 && !isAsked) violations.push(`${path} was answered ${response.status}: ${diagnostic}`);
      return response;
    } catch (error) {
      if (mayFail) counts.broken += 1;
      else violations.push(`${path}: ${String(error)}`);
      return undefined;
    }
  };
  const work = async (random: Random): Promise<void> => {
    while (performance.now() < until) await step(`soak-${random.below(sandboxes)}`, random);
  };
  const step = async (sandbox: string, random: Random): Promise<void> => {
    const control = `/_fauxgen/sandboxes/${sandbox}`;
    const json = { "content-type": "application/json" };
    if (random.isOneIn(200)) {
      counts.resets += 1;
      await (await ask(`${control}/reset`, { method: "POST" }, false))?.arrayBuffer();
    }
    if (random.isOneIn(40)) {
      counts.faults += 1;
      const fault = random.pick<unknown>([{ status: 503 }, "CONNECTION_RESET_BY_PEER", { latency: "50ms" }]);
      const rule = { when: { operation: "getGeneration" }, fault, times: 1 };
      await (
        await ask(`${control}/rules`, { method: "POST", headers: json, body: JSON.stringify(rule) }, false)
      )?.arrayBuffer();
    }
    const job = random.pick(jobs);
    const webhookUrl = random.isOneIn(2) ? receiver.url : undefined;
    const { path, body } = job.create({ marker: random.isOneIn(5) ? "fauxgen:fail" : "", webhookUrl });
    const headers = { ...job.headers(sandbox), ...json };
    const created = await ask(path, { method: "POST", headers, body: JSON.stringify(body) }, false);
    if (created?.ok !== true) {
      await created?.arrayBuffer();
      return;
    }
    const id = job.idOf(await created.json());
    const isHeld = job.vendor === "sync" && random.isOneIn(2);
    const reads = isHeld ? 1 : 1 + random.below(4);
    for (let read = 0; read < reads; read += 1)
      await (
        await ask(`${job.read(id)}${isHeld ? "?wait=true" : ""}`, { headers }, true)
      )
        ?.arrayBuffer()
        .catch(() => undefined);
  };
  const memory = async (): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    stored = [...text.matchAll(/^fauxgen_generations\{.*\} (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 1024 ** 2;
  };
  let stored = 0;
  const working = Array.from({ length: CLIENTS }, async (_, index) => work(createRandom(seed + index)));
  await new Promise((resolve) => setTimeout(resolve, (seconds * 1000) / 3));
  const firstThird = Math.round(await memory());
  const storedThen = stored;
  await Promise.all(working);
  const end = Math.round(await memory());
  // Whatever is under way ends within its timeline.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  for (const [key, life] of lives) violations.push(`${key} never ended: ${life.join(" > ")}`);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  if (!/^fauxgen_held_requests 0$/m.test(metrics)) violations.push("requests are still held");
  if (end > firstThird * GROWTH + 64 + (stored - storedThen) * STORED_MIB)
    violations.push(`memory grew from ${firstThird} to ${end} MiB`);
  leave.abort();
  await hearing;
  const { code } = await server.stop();
  if (code !== 0 || server.errors().includes('level":50'))
    violations.push(`it ended with ${String(code)}: ${server.errors()}`);
  receiver.close();
  return {
    seconds,
    ...counts,
    statuses,
    generations,
    webhooks: receiver.told.size,
    memoryMiB: { firstThird, end },
    violations,
  };
}

/** Hears a stream of events until it is left. */
async function listen(url: string, signal: AbortSignal, hear: (heard: Heard) => void): Promise<void> {
  try {
    const response = await fetch(url, { signal });
    let pending = "";
    for await (const part of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const lines = (pending + String(part)).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data: ")) hear(JSON.parse(line.slice(6)) as Heard);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
