/** Measures the cost of a condition in one process, in alternating slices with and without the condition. */
import { quietestRounds, ratioOf, type Ratio } from "./arithmetic.ts";
import { measure, warmUp, type Amount, type Case } from "./measuring.ts";

export interface Switchable extends Case {
  /** Switches the condition on or off. It is called before each slice, whatever the state. */
  readonly turn: (isOn: boolean) => Promise<void>;
}

/** The CPU time per request, pair by pair. */
export interface Pairs {
  readonly without: readonly number[];
  readonly with: readonly number[];
  /** The least cost of a request without the condition in the warm-up. */
  readonly leastInWarmUp: number;
}

/** Measures pairs of slices. The order alternates, so that neither slice always follows the other. */
export async function alternate(switchable: Switchable, pairs: number, amount: Amount): Promise<Pairs> {
  await switchable.turn(true);
  await warmUp([switchable]);
  await switchable.turn(false);
  const leastInWarmUp = (await warmUp([switchable])).get(switchable.name) ?? Number.NaN;
  const costs = new Map<boolean, number[]>([
    [false, []],
    [true, []],
  ]);
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const isOn of pair % 2 === 0 ? [false, true] : [true, false]) {
      await switchable.turn(isOn);
      costs.get(isOn)?.push((await measure(switchable, amount)).cpuUs);
    }
  }
  return { without: costs.get(false) ?? [], with: costs.get(true) ?? [], leastInWarmUp };
}

/** Returns the ratio of the cost with the condition to the cost without it, within each pair. */
export function pairRatio(pairs: Pairs): Ratio {
  return ratioOf(pairs.with, pairs.without, quietestRounds(pairs.without));
}
