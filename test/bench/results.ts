/** Keeps the measurements of several cases round by round, and compares them with a reference case. */
import { aaSpreadOf, isNoisy, quietestRounds, ratioOf, spreadOf, type Ratio, type Spread } from "./arithmetic.ts";

export interface Reference {
  /** The name of the case with which the others are compared. */
  readonly name: string;
  /** The name of the second process of the reference: the two are the A/A pair. */
  readonly twin: string;
  /** The least cost of the reference in its warm-up. */
  readonly leastInWarmUp: number;
}

/** The figures of a reference in a report. */
export interface ReferenceFigures {
  readonly name: string;
  readonly leastInWarmUp: number;
  /** The cost, over all rounds and over the quietest rounds. */
  readonly all: Spread;
  readonly quietest: Spread;
  readonly quietestCount: number;
  /** The ratio of the twin to the reference. */
  readonly aa: Ratio;
  readonly isNoisy: boolean;
}

export class Results<Figure extends string> {
  readonly #cost: Figure;
  readonly #reference: Reference;
  readonly #rounds = new Map<string, Readonly<Record<Figure, number>>[]>();

  /** Creates empty results; `cost` is the figure whose ratios are taken. */
  constructor(cost: Figure, reference: Reference) {
    this.#cost = cost;
    this.#reference = reference;
  }

  /** Adds the figures of another round of a case. */
  add(name: string, figures: Readonly<Record<Figure, number>>): void {
    const rounds = this.#rounds.get(name);
    if (rounds === undefined) this.#rounds.set(name, [figures]);
    else rounds.push(figures);
  }

  /** Returns the spread of a figure over all rounds. */
  of(name: string, figure: Figure): Spread {
    return spreadOf(this.#all(name, figure));
  }

  costs(name: string): readonly number[] {
    return this.#all(name, this.#cost);
  }

  get quietestRounds(): readonly number[] {
    return quietestRounds(this.costs(this.#reference.name));
  }

  /** Returns the cost of a case in the quietest rounds. */
  quietest(name: string): Spread {
    const costs = this.costs(name);
    return spreadOf(this.quietestRounds.map((round) => costs[round] ?? Number.NaN));
  }

  /** Returns the ratio of a case's cost to another case's cost, by default to the reference's. */
  ratio(name: string, other = this.#reference.name): Ratio {
    return ratioOf(this.costs(name), this.costs(other), this.quietestRounds);
  }

  /** The tolerance of a floor that these rounds judge: the A/A spread over the quietest rounds. */
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
