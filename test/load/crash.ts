/**
 * Kills the process under load, again and again, with one file, and checks what it acknowledged. Every create exists in
 * the phase of its timeline, every cancelled job is cancelled, and every upload reads as it was sent. Each end is
 * announced once: no transition is published by two processes, its effects on the account happen once, and its webhook
 * is stored once. A webhook may arrive more than once, but must arrive.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, jobs, type Job } from "./jobs.ts";
import { Ledger, PROCESSING_MS, QUEUED_MS, SANDBOX, type Promised } from "./ledger.ts";
import { createRandom, type Random } from "./random.ts";
import { openReceiver, type Receiver } from "./receiver.ts";
import { startServer, type LoadedServer } from "./server.ts";
import { follow } from "./stream.ts";

const CLIENTS = 8;

export interface CrashAccount {
  readonly rounds: number;
  readonly creates: number;
  readonly cancels: number;
  readonly uploads: number;
  /** Jobs that exist without an acknowledgement: the kill came between the commit and the answer. */
  readonly unacknowledged: number;
  /**
   * Transitions that were heard while a process ran; those due between two processes are announced before the stream
   * opens.
   */
  readonly transitionsHeard: number;
  readonly webhooks: number;
  readonly webhooksRepeated: number;
  /** How many jobs were still unfinished after a restart. */
  readonly foundUnderWay: number;
  readonly restartMs: number;
  readonly violations: readonly string[];
}

export async function crashAgainAndAgain(options: {
  rounds: number;
  seed: number;
  cli?: string | undefined;
  /** Whether a client follows the events: without one, the writes of many requests share a commit. */
  isFollowed?: boolean;
  say?: (line: string) => void;
}): Promise<CrashAccount> {
  const { rounds, seed, cli, isFollowed = true, say = () => undefined } = options;
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-crash-"));
  const data = join(folder, "crash.db");
  const timing = `queued=${QUEUED_MS}ms,processing=${PROCESSING_MS}ms`;
  const receiver = await openReceiver(7);
  const ledger = new Ledger();
  const restarts: number[] = [];
  const start = async (): Promise<LoadedServer> => {
    const began = performance.now();
    const server = await startServer(["--data", data, "--timing", timing], { cli });
    restarts.push(performance.now() - began);
    return server;
  };
  let foundUnderWay = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const server = await start();
      const stream = isFollowed
        ? await follow(
            `${server.url}/_fauxgen/events?kinds=generation.transition`,
            new AbortController().signal,
            (heard) => {
              ledger.hear(heard);
            },
          )
        : undefined;
      foundUnderWay += await ledger.check(server.url, random, 40);
      const load = Array.from({ length: CLIENTS }, async () => loadUntilGone(server.url, receiver, ledger, random));
      await pause(20 + random.below(500));
      await server.stop("SIGKILL");
      await Promise.all([...load, stream?.ended]);
      if (round % 10 === 9)
        say(`  ${round + 1} rounds: ${ledger.promised.length} creates, ${ledger.violations.length} violations`);
    }
    const last = await start();
    await pause(1000);
    await ledger.check(last.url, random, Number.POSITIVE_INFINITY);
    const end = await ledger.checkTheEnd(last.url, receiver);
    await last.stop();
    const repeated = [...receiver.told.values()].filter((times) => times > 1).length;
    return {
      rounds,
      creates: ledger.promised.length,
      cancels: ledger.promised.filter(({ cancel }) => cancel === "acknowledged").length,
      uploads: ledger.uploads.length,
      unacknowledged: end.unacknowledged,
      transitionsHeard: ledger.heardCount,
      webhooks: receiver.told.size,
      webhooksRepeated: repeated,
      foundUnderWay,
      restartMs: Math.round(restarts.sort((a, b) => a - b)[Math.floor(restarts.length / 2)] ?? 0),
      violations: ledger.violations,
    };
  } finally {
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Creates, cancels and uploads until the server is gone; the ledger records only what was answered. */
async function loadUntilGone(url: string, receiver: Receiver, ledger: Ledger, random: Random): Promise<void> {
  try {
    for (;;) {
      const chance = random.below(10);
      if (chance < 7)
        await createOne(url, ledger, random.pick(jobs), random.isOneIn(4) ? "failed" : "succeeded", receiver.url);
      else if (chance < 9) await cancelOne(url, ledger, random);
      else await uploadOne(url, ledger, random);
    }
  } catch (error) {
    if (error instanceof Unexpected) ledger.violations.push(error.message);
  }
}

class Unexpected extends Error {}

const MARKERS = { succeeded: "", failed: "fauxgen:fail", stuck: "fauxgen:stuck" } as const;

async function createOne(
  url: string,
  ledger: Ledger,
  job: Job,
  choice: Promised["choice"],
  webhookUrl: string | undefined,
): Promise<Promised> {
  const { path, body } = job.create({
    marker: MARKERS[choice],
    webhookUrl: job.vendor === "sync" ? webhookUrl : undefined,
  });
  const sentAt = Date.now();
  const response = await fetch(`${url}${path}`, post(job, body));
  const answer: unknown = await response.json();
  if (!response.ok)
    throw new Unexpected(`${job.vendor} answered a create ${response.status}: ${JSON.stringify(answer)}`);
  const promised: Promised = {
    job,
    id: job.idOf(answer),
    sentAt,
    answeredAt: Date.now(),
    choice,
    cancel: "not asked",
  };
  ledger.promised.push(promised);
  return promised;
}

async function cancelOne(url: string, ledger: Ledger, random: Random): Promise<void> {
  const job = jobs[1];
  const promised = await createOne(url, ledger, job, "stuck", undefined);
  if (random.isOneIn(4)) return;
  promised.cancel = "asked";
  const response = await fetch(`${url}${job.read(promised.id)}`, { method: "DELETE", headers: job.headers(SANDBOX) });
  await response.arrayBuffer();
  if (!response.ok) throw new Unexpected(`a cancel was answered ${response.status}`);
  promised.cancel = "acknowledged";
}

async function uploadOne(url: string, ledger: Ledger, random: Random): Promise<void> {
  const slot = await fetch(`${url}/pub/v1/assets/upload`, post(jobs[2], { size: { height: 8, width: 8 } }));
  const { pathname, search } = new URL(String(at(await slot.json(), "data", "upload_url")));
  const bytes = randomBytes(1 + random.below(700_000));
  const put = await fetch(`${url}${pathname}${search}`, { method: "PUT", body: bytes });
  await put.arrayBuffer();
  if (!put.ok) throw new Unexpected(`an upload was answered ${put.status}`);
  ledger.uploads.push({ path: pathname, sha256: createHash("sha256").update(bytes).digest("hex") });
}

const post = (job: Job, body: unknown): RequestInit => ({
  method: "POST",
  headers: { ...job.headers(SANDBOX), "content-type": "application/json" },
  body: JSON.stringify(body),
});

const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
