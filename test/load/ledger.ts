/**
 * Records what a repeatedly killed server acknowledged, and checks that it keeps it. Three sources judge a phase: the
 * times of the create, the vendor's own status, and the timeline in control.
 */
import { createHash } from "node:crypto";
import { at, type Job } from "./jobs.ts";
import type { Random } from "./random.ts";
import type { Receiver } from "./receiver.ts";
import type { Heard } from "./stream.ts";

export const SANDBOX = "crash";
export const QUEUED_MS = 60;
export const PROCESSING_MS = 240;
/** The initial credits of an account at the vendor whose refunds are checked. */
const CREDITS = 1_000_000;
const CREDIT_COST = 12;
const AT_ONCE = 8;
/** Clocks are read at different moments and rounded. */
const SLACK_MS = 20;

export interface Promised {
  readonly job: Job;
  readonly id: string;
  readonly sentAt: number;
  readonly answeredAt: number;
  /** The phase in which it ends by itself. */
  readonly choice: "succeeded" | "failed" | "stuck";
  /** Whether a cancel was requested, and whether it was acknowledged. */
  cancel: "not asked" | "asked" | "acknowledged";
}

interface Shown {
  readonly id: string;
  readonly vendor: string;
  readonly phase: string;
  readonly timeline: { readonly steps: readonly { readonly phase: string; readonly at: string }[] };
}

export class Ledger {
  readonly promised: Promised[] = [];
  readonly uploads: { readonly path: string; readonly sha256: string }[] = [];
  readonly violations: string[] = [];
  /** Transitions that were heard before or after any kill. */
  readonly #heard = new Set<string>();
  #checked = 0;
  #checkedUploads = 0;

  get heardCount(): number {
    return this.#heard.size;
  }

  /** Records a transition. Two processes must not announce the same one. */
  hear({ kind, vendor, id, from, to }: Heard): void {
    if (kind !== "generation.transition") return;
    const transition = `${vendor} ${id}: ${String(from)} to ${String(to)}`;
    if (this.#heard.has(transition)) this.violations.push(`${transition} was announced twice`);
    this.#heard.add(transition);
  }

  /** Checks all jobs since the last check, and some older ones; returns how many were unfinished. */
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
    for (let first = 0; first < due.length; first += AT_ONCE) {
      const found = await Promise.all(
        due.slice(first, first + AT_ONCE).map(async (each) => this.#isUnderWay(url, each)),
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

  async #isUnderWay(url: string, promised: Promised): Promise<boolean> {
    const { job, id, cancel } = promised;
    const began = Date.now();
    const read = await fetch(`${url}${job.read(id)}`, { headers: job.headers(SANDBOX) });
    const answer: unknown = await read.json();
    const readAt = Date.now();
    if (read.status !== 200) {
      this.violations.push(`${job.vendor} ${id} was acknowledged and reads ${read.status}`);
      return false;
    }
    const expected = phasesOf(promised, began, readAt);
    if (!job.phasesOf(answer).some((phase) => expected.includes(phase)))
      this.violations.push(
        `${job.vendor} ${id} should be ${expected.join(" or ")}, and reads ${JSON.stringify(answer)}`,
      );
    const response = await fetch(`${url}/_fauxgen/sandboxes/${SANDBOX}/generations/${id}`);
    const shown = (await response.json()) as Shown;
    if (response.status !== 200) {
      this.violations.push(`${job.vendor} ${id} was acknowledged and is lost`);
      return false;
    }
    if (cancel === "acknowledged" && shown.phase !== "cancelled")
      this.violations.push(`${id} was cancelled and is ${shown.phase}`);
    // Allows two milliseconds in each direction, because clocks round.
    const possible = [phaseAt(shown, readAt - 2), phaseAt(shown, Date.now() + 2)];
    if (!possible.includes(shown.phase))
      this.violations.push(`${job.vendor} ${id} is ${shown.phase}, and its timeline says ${possible.join(" or ")}`);
    return shown.phase === "queued" || shown.phase === "processing";
  }

  /** Checks the totals once every job has ended: effects happened once, and webhooks were stored once and arrived. */
  async checkTheEnd(url: string, receiver: Receiver): Promise<{ unacknowledged: number }> {
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
      if (!receiver.told.has(id)) this.violations.push(`no webhook arrived for the end of ${id}`);
    }
    return { unacknowledged: all.filter(({ id }) => !acknowledged.has(id)).length };
  }
}

/** Returns the possible phases of a job between two moments, by its creation times and its chosen end. */
function phasesOf({ sentAt, answeredAt, choice, cancel }: Promised, from: number, to: number): string[] {
  if (cancel === "acknowledged") return ["cancelled"];
  const youngest = from - answeredAt - SLACK_MS;
  const oldest = to - sentAt + SLACK_MS;
  const ended = QUEUED_MS + PROCESSING_MS;
  const phases = [
    ...(youngest < QUEUED_MS ? ["queued"] : []),
    ...(oldest >= QUEUED_MS && (choice === "stuck" || youngest < ended) ? ["processing"] : []),
    ...(oldest >= ended && choice !== "stuck" ? [choice] : []),
  ];
  return cancel === "asked" ? [...phases, "cancelled"] : phases;
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
