/**
 * The account of every generation that a soak makes, kept from two sides: what the answers to creates said, and what the
 * stream of events told. None may be lost or repeated, and the sums have to agree.
 */
import type { Heard } from "./stream.ts";

export interface LivesAccount {
  /** Told of by events; what was acknowledged and what lost its answer, as was asked, add up to it. */
  readonly created: number;
  readonly acknowledged: number;
  readonly answersLost: number;
  /** By how it went: its transitions, or `reset` for those whose sandbox began anew. They add up to what was created. */
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
  /** What the store must have: by sandbox, vendor and id, the phase that each ended in. */
  readonly #stored = new Map<string, Map<string, string>>();
  /** How many more often each was told of by events than by answers; ids return when their sandbox is reset. */
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

  /** A create was answered with this id. */
  acknowledge(sandbox: string, vendor: string, id: string): void {
    this.#acknowledged += 1;
    this.#weigh(`${sandbox} ${vendor} ${id}`, -1);
  }

  /** A create was done, and its answer lost because a fault said so. */
  loseAnswer(): void {
    this.#answersLost += 1;
  }

  get underWay(): readonly string[] {
    return [...this.#underWay].map(([key, life]) => `${key}: ${life.join(" > ")}`);
  }

  /** How many of a vendor's have ended in a phase and are stored, by `vendor phase`. */
  get stored(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const ended of this.#stored.values())
      for (const [key, phase] of ended) {
        const name = `${key.split(" ", 1)[0] ?? ""} ${phase}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    return counts;
  }

  /** The ids of a vendor's that are stored. */
  storedOf(vendor: string): string[] {
    const keys = [...this.#stored.values()].flatMap((ended) => [...ended.keys()]);
    return keys.filter((key) => key.startsWith(`${vendor} `)).map((key) => key.slice(vendor.length + 1));
  }

  /** The sums, once nothing is under way any more; whatever does not agree is a violation. */
  close(): LivesAccount {
    for (const life of this.underWay) this.violations.push(`never ended: ${life}`);
    const ended = Object.values(this.#ended).reduce((sum, count) => sum + count, 0);
    if (ended !== this.#created) this.violations.push(`${this.#created} were made and ${ended} came to an end`);
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
