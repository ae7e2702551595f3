/**
 * Kills the process in the middle of load, again and again, over one file. What it acknowledged is a promise: every
 * create is there in the phase that its timeline says, every cancelled job is cancelled, every upload reads as it was
 * sent. Each end is announced once, which means: its effects on the account happened once, and its webhook was written
 * once; a webhook may arrive more than once, and never not at all.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, jobs, type Job } from "./jobs.ts";
import { createRandom, type Random } from "./random.ts";
import { openReceiver, type Receiver } from "./receiver.ts";
import { startServer, type LoadedServer } from "./server.ts";

const SANDBOX = "crash";
const CLIENTS = 8;
/** What a born account has at the vendor whose refunds are checked. */
const CREDITS = 1_000_000;
const CREDIT_COST = 12;

interface Promised {
  readonly job: Job;
  readonly id: string;
  readonly hasWebhook: boolean;
  isCancelled: boolean;
}

export interface CrashAccount {
  readonly rounds: number;
  readonly creates: number;
  readonly cancels: number;
  readonly uploads: number;
  /** Jobs that were there without having been acknowledged: the kill came between the commit and the answer. */
  readonly unacknowledged: number;
  readonly webhooks: number;
  readonly webhooksRepeated: number;
  /** How many jobs were still under way when the process was back. */
  readonly foundUnderWay: number;
  readonly restartMs: number;
  readonly violations: readonly string[];
}

interface Shown {
  readonly id: string;
  readonly vendor: string;
  readonly phase: string;
  readonly createdAt: string;
  readonly cost: number;
  readonly timeline: { readonly steps: readonly { readonly phase: string; readonly at: string }[] };
}

export async function crashAgainAndAgain(options: {
  rounds: number;
  seed: number;
  cli?: string | undefined;
  say?: (line: string) => void;
}): Promise<CrashAccount> {
  const { rounds, seed, cli, say = () => undefined } = options;
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-crash-"));
  const data = join(folder, "crash.db");
  const receiver = await openReceiver(7);
  const ledger = new Ledger();
  const restarts: number[] = [];
  const start = async (): Promise<LoadedServer> => {
    const began = performance.now();
    const server = await startServer(["--data", data, "--timing", "queued=60ms,processing=240ms"], { cli });
    restarts.push(performance.now() - began);
    return server;
  };
  let foundUnderWay = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const server = await start();
      foundUnderWay += await ledger.check(server.url, random, 40);
      const load = Array.from({ length: CLIENTS }, async () => loadUntilGone(server.url, receiver, ledger, random));
      await pause(20 + random.below(500));
      await server.stop("SIGKILL");
      await Promise.all(load);
      if (round % 10 === 9)
        say(`  ${round + 1} rounds: ${ledger.promised.length} creates, ${ledger.violations.length} violations`);
    }
    const last = await start();
    await ledger.check(last.url, random, Number.POSITIVE_INFINITY);
    const end = await ledger.checkTheEnd(last.url, receiver);
    await last.stop();
    const repeated = [...receiver.told.values()].filter((times) => times > 1).length;
    return {
      rounds,
      creates: ledger.promised.length,
      cancels: ledger.promised.filter(({ isCancelled }) => isCancelled).length,
      uploads: ledger.uploads.length,
      unacknowledged: end.unacknowledged,
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

/** Creates, cancels and uploads until the server is gone; only what was answered is promised. */
async function loadUntilGone(url: string, receiver: Receiver, ledger: Ledger, random: Random): Promise<void> {
  try {
    for (;;) {
      const chance = random.below(10);
      if (chance < 7) await createOne(url, receiver, ledger, random);
      else if (chance < 9) await cancelOne(url, ledger, random);
      else await uploadOne(url, ledger, random);
    }
  } catch (error) {
    if (error instanceof Unexpected) ledger.violations.push(error.message);
  }
}

class Unexpected extends Error {}

async function createOne(url: string, receiver: Receiver, ledger: Ledger, random: Random): Promise<void> {
  const job = random.pick(jobs);
  const hasWebhook = job.vendor === "sync";
  const marker = random.isOneIn(4) ? "fauxgen:fail" : "";
  const { path, body } = job.create({ marker, webhookUrl: hasWebhook ? receiver.url : undefined });
  const response = await fetch(`${url}${path}`, post(job, body));
  const answer: unknown = await response.json();
  if (!response.ok)
    throw new Unexpected(`${job.vendor} answered a create ${response.status}: ${JSON.stringify(answer)}`);
  ledger.promised.push({ job, id: job.idOf(answer), hasWebhook, isCancelled: false });
}

async function cancelOne(url: string, ledger: Ledger, random: Random): Promise<void> {
  const job = jobs[1];
  const { path, body } = job.create({ marker: "fauxgen:stuck" });
  const created = await fetch(`${url}${path}`, post(job, body));
  const promise: Promised = { job, id: job.idOf(await created.json()), hasWebhook: false, isCancelled: false };
  ledger.promised.push(promise);
  if (random.isOneIn(4)) return;
  const response = await fetch(`${url}${job.read(promise.id)}`, { method: "DELETE", headers: job.headers(SANDBOX) });
  await response.arrayBuffer();
  if (!response.ok) throw new Unexpected(`a cancel was answered ${response.status}`);
  promise.isCancelled = true;
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

class Ledger {
  readonly promised: Promised[] = [];
  readonly uploads: { readonly path: string; readonly sha256: string }[] = [];
  readonly violations: string[] = [];
  #checked = 0;
  #checkedUploads = 0;

  /** Looks at all that is new since the last look, and at some that is older; answers how many were still under way. */
  async check(url: string, random: Random, older: number): Promise<number> {
    const known = this.#checked;
    const all = older === Number.POSITIVE_INFINITY;
    const fresh = this.promised.slice(all ? 0 : known);
    const again =
      all || known === 0
        ? []
        : Array.from({ length: Math.min(older, known) }, () => this.promised[random.below(known)]);
    let underWay = 0;
    const due = [...fresh, ...again].filter((promise) => promise !== undefined);
    for (let first = 0; first < due.length; first += CLIENTS) {
      const found = await Promise.all(
        due.slice(first, first + CLIENTS).map(async (each) => this.#isUnderWay(url, each)),
      );
      underWay += found.filter(Boolean).length;
    }
    this.#checked = this.promised.length;
    for (const { path, sha256 } of this.uploads.slice(all ? 0 : this.#checkedUploads)) {
      const response = await fetch(`${url}${path}`);
      const found = createHash("sha256")
        .update(Buffer.from(await response.arrayBuffer()))
        .digest("hex");
      if (response.status !== 200 || found !== sha256)
        this.violations.push(`upload ${path} is lost or not as it was sent`);
    }
    this.#checkedUploads = this.uploads.length;
    return underWay;
  }

  async #isUnderWay(url: string, { job, id, isCancelled }: Promised): Promise<boolean> {
    const read = await fetch(`${url}${job.read(id)}`, { headers: job.headers(SANDBOX) });
    await read.arrayBuffer();
    if (read.status !== 200) this.violations.push(`${job.vendor} ${id} was acknowledged and reads ${read.status}`);
    const before = Date.now();
    const response = await fetch(`${url}/_fauxgen/sandboxes/${SANDBOX}/generations/${id}`);
    const shown = (await response.json()) as Shown;
    const after = Date.now();
    if (response.status !== 200) {
      this.violations.push(`${job.vendor} ${id} was acknowledged and is lost`);
      return false;
    }
    if (isCancelled && shown.phase !== "cancelled") this.violations.push(`${id} was cancelled and is ${shown.phase}`);
    // A millisecond each way for clocks that round.
    const possible = [phaseAt(shown, before - 2), phaseAt(shown, after + 2)];
    if (!possible.includes(shown.phase))
      this.violations.push(`${job.vendor} ${id} is ${shown.phase}, and its timeline says ${possible.join(" or ")}`);
    return shown.phase === "queued" || shown.phase === "processing";
  }

  /** What holds of the whole once everything has ended: effects happened once, webhooks were written once and came. */
  async checkTheEnd(url: string, receiver: Receiver): Promise<{ unacknowledged: number }> {
    await pause(1000);
    const control = `${url}/_fauxgen/sandboxes/${SANDBOX}`;
    const all = await everyItem<Shown>(`${control}/generations`);
    const acknowledged = new Set(this.promised.map(({ id }) => id));
    const charged = all.filter(({ vendor, phase }) => vendor === "affogato" && phase !== "failed");
    const account: unknown = await (await fetch(`${control}/accounts/main`)).json();
    const credits = at(account, "vendors", "affogato", "state", "credits") ?? CREDITS;
    const expected = CREDITS - CREDIT_COST * charged.length;
    if (credits !== expected)
      this.violations.push(`the balance is ${String(credits)}; by what was made and refunded it is ${expected}`);
    const jobsWithWebhook = all.filter(({ vendor }) => vendor === "sync");
    const wanted = jobsWithWebhook.length;
    await fetch(`${control}/webhooks/deliveries?status=delivered&count=${wanted}&within=3m&limit=1`);
    const deliveries = await everyItem<{ subject: string; status: string }>(`${control}/webhooks/deliveries`);
    const written = new Map<string, number>();
    for (const { subject } of deliveries) written.set(subject, (written.get(subject) ?? 0) + 1);
    for (const { id } of jobsWithWebhook) {
      if (written.get(id) !== 1) this.violations.push(`the end of ${id} was announced ${written.get(id) ?? 0} times`);
      if (!receiver.told.has(id)) this.violations.push(`nobody was told of the end of ${id}`);
    }
    return { unacknowledged: all.filter(({ id }) => !acknowledged.has(id)).length };
  }
}

function phaseAt({ timeline: { steps } }: Shown, now: number): string | undefined {
  return steps.filter((step) => Date.parse(step.at) <= now).at(-1)?.phase;
}

async function everyItem<Item>(list: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await fetch(`${list}?limit=1000${cursor === "" ? "" : `&cursor=${cursor}`}`);
    const found = (await page.json()) as { items: Item[]; nextCursor: string | null };
    items.push(...found.items);
    cursor = found.nextCursor;
  }
  return items;
}

const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
