/** What something costs that can be switched on and off: one process, in slices with and without it that take turns. */
import { quietestRounds, ratioOf, type Ratio } from "./arithmetic.ts";
import { measure, warmUp, type Amount, type Case } from "./measuring.ts";

export interface Switchable extends Case {
  /** Brings about that it is on or off; called before each slice, whatever it was before. */
  readonly turn: (isOn: boolean) => Promise<void>;
}

/** CPU per request, pair by pair. */
export interface Pairs {
  readonly without: readonly number[];
  readonly with: readonly number[];
  /** The least that a request cost without it in the warm-up. */
  readonly leastInWarmUp: number;
}

/** Of two slices in a row the one without comes first in every other pair, so that neither always follows the other. */
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

/** What it costs with it, in what it costs without, inside each pair. */
export function pairRatio(pairs: Pairs): Ratio {
  return ratioOf(pairs.with, pairs.without, quietestRounds(pairs.without));
}
