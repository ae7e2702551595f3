/** Generates the requests of a soak's clients at random: create, read, hold, cancel, add faults and reset. */
import { jobs, type Job } from "./jobs.ts";
import type { Lives } from "./lives.ts";
import type { Random } from "./random.ts";

const JSON_TYPE = { "content-type": "application/json" };
/** The time limit of any answer; a held request ends well before. */
const PATIENCE_MS = 60_000;

export interface TrafficCounts {
  requests: number;
  resets: number;
  faults: number;
  /** Answers that a requested fault broke. */
  broken: number;
  held: number;
  cancelled: number;
}

export interface TrafficOptions {
  readonly url: string;
  readonly webhookUrl: string;
  readonly sandboxes: number;
  readonly lives: Lives;
  readonly violations: string[];
}

/** Whether a fault may affect a request, because a rule asked for it. */
type Asked = "nothing" | "a fault";

export class Traffic {
  readonly counts: TrafficCounts = { requests: 0, resets: 0, faults: 0, broken: 0, held: 0, cancelled: 0 };
  readonly statuses: Record<string, number> = {};
  readonly #options: TrafficOptions;
  /** The resets of each sandbox, counted at begin and end: a reset may release held requests early. */
  readonly #epochs = new Map<string, number>();

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** Runs one action of a client, up to its last answer. */
  async step(random: Random): Promise<void> {
    const sandbox = `soak-${random.below(this.#options.sandboxes)}`;
    if (random.isOneIn(200)) await this.reset(sandbox);
    if (random.isOneIn(40)) await this.#addFault(sandbox, random);
    const job = random.pick(jobs);
    const id = await this.#create(sandbox, job, random.isOneIn(5) ? "fauxgen:fail" : "");
    if (id === undefined) return;
    if (job.vendor === "sync" && random.isOneIn(2)) await this.#hold(sandbox, job, id);
    else
      for (let read = random.below(4); read >= 0; read -= 1)
        await discard(await this.#ask(job.read(id), { headers: job.headers(sandbox) }, "a fault"));
    if (job.vendor === "oxen" && random.isOneIn(5)) {
      this.counts.cancelled += 1;
      await discard(await this.#ask(job.read(id), { method: "DELETE", headers: job.headers(sandbox) }, "nothing"));
    }
  }

  async reset(sandbox: string): Promise<void> {
    this.counts.resets += 1;
    this.#begin(sandbox);
    await discard(await this.#ask(`/_fauxgen/sandboxes/${sandbox}/reset`, { method: "POST" }, "nothing"));
    this.#begin(sandbox);
  }

  async #addFault(sandbox: string, random: Random): Promise<void> {
    this.counts.faults += 1;
    const rule = random.pick<{ readonly operation: string; readonly fault: unknown }>([
      { operation: "getGeneration", fault: { status: 503 } },
      { operation: "getGeneration", fault: "CONNECTION_RESET_BY_PEER" },
      { operation: "getGeneration", fault: { latency: "50ms" } },
      { operation: "createGeneration", fault: { status: 503 } },
      { operation: "createGeneration", fault: { kind: "EMPTY_RESPONSE", when: "after" } },
    ]);
    const body = JSON.stringify({ when: { operation: rule.operation }, fault: rule.fault, times: 1 });
    const path = `/_fauxgen/sandboxes/${sandbox}/rules`;
    await discard(await this.#ask(path, { method: "POST", headers: JSON_TYPE, body }, "nothing"));
  }

  async #create(sandbox: string, job: Job, marker: string): Promise<string | undefined> {
    const { path, body } = job.create({ marker, webhookUrl: this.#options.webhookUrl });
    const headers = { ...job.headers(sandbox), ...JSON_TYPE };
    const response = await this.#ask(path, { method: "POST", headers, body: JSON.stringify(body) }, "a fault");
    if (response === undefined) this.#options.lives.loseAnswer();
    if (response?.ok !== true) {
      await discard(response);
      return undefined;
    }
    const id = job.idOf(await response.json());
    this.#options.lives.acknowledge(sandbox, job.vendor, id);
    return id;
  }

  /** Waits for the end of a job. The answer must come at the end and not before, unless the sandbox is reset. */
  async #hold(sandbox: string, job: Job, id: string): Promise<void> {
    this.counts.held += 1;
    const epoch = this.#epochs.get(sandbox);
    const response = await this.#ask(`${job.read(id)}?wait=true`, { headers: job.headers(sandbox) }, "a fault");
    if (response?.ok !== true) {
      await discard(response);
      return;
    }
    const { status } = (await response.json()) as { status?: string };
    if (status !== "COMPLETED" && status !== "FAILED" && this.#epochs.get(sandbox) === epoch)
      this.#options.violations.push(`${sandbox} ${id} was held and let go as ${String(status)}`);
  }

  #begin(sandbox: string): void {
    this.#epochs.set(sandbox, (this.#epochs.get(sandbox) ?? 0) + 1);
  }

  async #ask(path: string, init: RequestInit, expected: Asked): Promise<Response | undefined> {
    this.counts.requests += 1;
    try {
      const response = await fetch(`${this.#options.url}${path}`, {
        ...init,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      this.statuses[response.status] = (this.statuses[response.status] ?? 0) + 1;
      const diagnostic = response.headers.get("x-fauxgen-diagnostic") ?? "";
      if (response.status >= 500 && !(expected === "a fault" && diagnostic.includes("FAULT_APPLIED")))
        this.#options.violations.push(`${path} was answered ${response.status}: ${diagnostic}`);
      return response;
    } catch (error) {
      this.counts.broken += 1;
      if (expected === "nothing") this.#options.violations.push(`${path}: ${String(error)}`);
      return undefined;
    }
  }
}

async function discard(response: Response | undefined): Promise<void> {
  await response?.arrayBuffer().catch(() => undefined);
}
