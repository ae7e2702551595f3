/** What was measured of several cases round by round, and how they compare with the one that is their reference. */
import { aaSpreadOf, isNoisy, quietestRounds, ratioOf, spreadOf, type Ratio, type Spread } from "./arithmetic.ts";

export interface Reference {
  /** Of the case that the others are compared with. */
  readonly name: string;
  /** Of the same once more, in a process of its own: the two are the A/A pair. */
  readonly twin: string;
  /** The least that the reference cost in its warm-up. */
  readonly leastInWarmUp: number;
}

/** What a report says of a reference. */
export interface ReferenceFigures {
  readonly name: string;
  readonly leastInWarmUp: number;
  /** What it cost, over all rounds and over the quietest. */
  readonly all: Spread;
  readonly quietest: Spread;
  readonly quietestCount: number;
  /** The ratio of its twin to it. */
  readonly aa: Ratio;
  readonly isNoisy: boolean;
}

export class Results<Figure extends string> {
  readonly #cost: Figure;
  readonly #reference: Reference;
  readonly #rounds = new Map<string, Readonly<Record<Figure, number>>[]>();

  /** `cost` is the figure of which ratios are taken. */
  constructor(cost: Figure, reference: Reference) {
    this.#cost = cost;
    this.#reference = reference;
  }

  /** Adds the figures of one more round of a case. */
  add(name: string, figures: Readonly<Record<Figure, number>>): void {
    const rounds = this.#rounds.get(name);
    if (rounds === undefined) this.#rounds.set(name, [figures]);
    else rounds.push(figures);
  }

  /** Over all rounds. */
  of(name: string, figure: Figure): Spread {
    return spreadOf(this.#all(name, figure));
  }

  costs(name: string): readonly number[] {
    return this.#all(name, this.#cost);
  }

  get quietestRounds(): readonly number[] {
    return quietestRounds(this.costs(this.#reference.name));
  }

  /** What a case cost in the quietest rounds. */
  quietest(name: string): Spread {
    const costs = this.costs(name);
    return spreadOf(this.quietestRounds.map((round) => costs[round] ?? Number.NaN));
  }

  /** What a case cost, in what another did: in what the reference did unless one is named. */
  ratio(name: string, other = this.#reference.name): Ratio {
    return ratioOf(this.costs(name), this.costs(other), this.quietestRounds);
  }

  /** The tolerance of a floor that is judged by these rounds: the A/A spread over the quietest of them. */
  get aaSpread(): number {
    return aaSpreadOf(this.ratio(this.#reference.twin).quietest);
  }

  get reference(): ReferenceFigures {
    const { name, twin, leastInWarmUp } = this.#reference;
    const all = spreadOf(this.costs(name));
    return {
      name,
      leastInWarmUp,
      all,
      quietest: this.quietest(name),
      quietestCount: this.quietestRounds.length,
      aa: this.ratio(twin),
      isNoisy: isNoisy(all.median, leastInWarmUp),
    };
  }

  #all(name: string, figure: Figure): readonly number[] {
    return (this.#rounds.get(name) ?? []).map((figures) => figures[figure]);
  }
}
