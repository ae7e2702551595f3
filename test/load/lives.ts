/**
 * Keeps the account of every generation of a soak from two sources: the answers to creates, and the stream of events.
 * None may be lost or repeated, and the sums must agree.
 */
import type { Heard } from "./stream.ts";

export interface LivesAccount {
  /** Generations announced by events: the sum of those acknowledged and those whose answer a fault lost. */
  readonly created: number;
  readonly acknowledged: number;
  readonly answersLost: number;
  /** Counts by course: the transitions, or `reset` for a reset sandbox. They add up to `created`. */
  readonly ended: Readonly<Record<string, number>>;
}

const UNFINISHED = ["queued", "processing"];

export class Lives {
  readonly violations: string[] = [];
  #created = 0;
  #acknowledged = 0;
  #answersLost = 0;
  readonly #ended: Record<string, number> = {};
  readonly #underWay = new Map<string, string[]>();
  /** The expected content of the store: the final phase, by sandbox, vendor and id. */
  readonly #stored = new Map<string, Map<string, string>>();
  /** Events minus answers per generation; ids return when their sandbox is reset. */
  readonly #unanswered = new Map<string, number>();

  hear({ sandbox, kind, vendor, id, from, to }: Heard): void {
    const key = `${sandbox} ${vendor} ${id}`;
    const life = this.#underWay.get(key);
    if (kind === "sandbox.reset") this.#reset(sandbox);
    else if (kind === "generation.created") {
      if (life !== undefined) this.violations.push(`${key} was made twice`);
      this.#created += 1;
      this.#weigh(key, 1);
      this.#underWay.set(key, ["queued"]);
    } else if (kind === "generation.transition" && to !== undefined) {
      if (life === undefined)
        this.violations.push(`${key}: ${String(from)} to ${to} after its end, or before it was made`);
      else if (life.at(-1) !== from)
        this.violations.push(`${key}: ${life.join(", ")} and then from ${String(from)} to ${to}`);
      else if (life.push(to) > 0 && !UNFINISHED.includes(to)) {
        this.#close(key, life.join(" > "));
        const stored = this.#stored.get(sandbox) ?? new Map<string, string>();
        this.#stored.set(sandbox, stored.set(`${vendor} ${id}`, to));
      }
    }
  }

  /** Records that a create was answered with this id. */
  acknowledge(sandbox: string, vendor: string, id: string): void {
    this.#acknowledged += 1;
    this.#weigh(`${sandbox} ${vendor} ${id}`, -1);
  }

  /** Records a create whose answer a fault lost. */
  loseAnswer(): void {
    this.#answersLost += 1;
  }

  get underWay(): readonly string[] {
    return [...this.#underWay].map(([key, life]) => `${key}: ${life.join(" > ")}`);
  }

  /** The number of stored generations per vendor and final phase, by `vendor phase`. */
  get stored(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const ended of this.#stored.values())
      for (const [key, phase] of ended) {
        const name = `${key.split(" ", 1)[0] ?? ""} ${phase}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    return counts;
  }

  /** Returns the ids of a vendor's stored generations. */
  storedOf(vendor: string): string[] {
    const keys = [...this.#stored.values()].flatMap((ended) => [...ended.keys()]);
    return keys.filter((key) => key.startsWith(`${vendor} `)).map((key) => key.slice(vendor.length + 1));
  }

  /** Returns the sums, once no generation is unfinished; any disagreement is a violation. */
  close(): LivesAccount {
    for (const life of this.underWay) this.violations.push(`never ended: ${life}`);
    const ended = Object.values(this.#ended).reduce((sum, count) => sum + count, 0);
    if (ended !== this.#created) this.violations.push(`${this.#created} were made and ${ended} ended`);
    if (this.#acknowledged + this.#answersLost !== this.#created)
      this.violations.push(
        `${this.#acknowledged} were acknowledged and ${this.#answersLost} lost their answer; ${this.#created} were made`,
      );
    let lost = 0;
    for (const [key, balance] of this.#unanswered) {
      if (balance < 0) this.violations.push(`${key} was acknowledged and no event told of it`);
      else lost += balance;
    }
    if (lost !== this.#answersLost)
      this.violations.push(`${lost} were made without an answer, and ${this.#answersLost} answers were to be lost`);
    return {
      created: this.#created,
      acknowledged: this.#acknowledged,
      answersLost: this.#answersLost,
      ended: this.#ended,
    };
  }

  #reset(sandbox: string): void {
    for (const key of [...this.#underWay.keys()]) if (key.startsWith(`${sandbox} `)) this.#close(key, "reset");
    this.#stored.delete(sandbox);
  }

  #close(key: string, how: string): void {
    this.#ended[how] = (this.#ended[how] ?? 0) + 1;
    this.#underWay.delete(key);
  }

  #weigh(key: string, by: number): void {
    const balance = (this.#unanswered.get(key) ?? 0) + by;
    if (balance === 0) this.#unanswered.delete(key);
    else this.#unanswered.set(key, balance);
  }
}
