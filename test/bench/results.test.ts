/** Tests how the results of rounds and pairs are compared. */
import { describe, expect, it } from "vitest";
import { Results } from "./results.ts";
import { pairRatio } from "./switching.ts";

/** Eight rounds. The second and the seventh are the quietest quarter, in which bare cost 10 and 12. */
const ROUNDS = {
  bare: [20, 10, 30, 30, 30, 30, 12, 16],
  again: [20, 11, 30, 30, 30, 30, 12, 16],
  ours: [30, 25, 33, 33, 33, 33, 24, 32],
  peer: [60, 50, 60, 60, 60, 60, 60, 64],
};

function resultsOf(leastInWarmUp: number): Results<"us"> {
  const results = new Results<"us">("us", { name: "bare", twin: "again", leastInWarmUp });
  for (const [name, costs] of Object.entries(ROUNDS)) for (const us of costs) results.add(name, { us });
  return results;
}

describe("the results of rounds", () => {
  it("give the ratio to the reference over its quietest rounds and over all rounds", () => {
    const results = resultsOf(10);
    expect(results.quietestRounds).toEqual([1, 6]);
    // The ratios of the quietest rounds are 2.5 and 2.
    expect(results.ratio("ours").quietest).toEqual({ low: 2.125, median: 2.25, high: 2.375 });
    // The ratios of all rounds are 1.1 four times, 1.5, 2, 2 and 2.5.
    expect(results.ratio("ours").all.median).toBeCloseTo(1.3, 10);
    expect(results.quietest("ours").median).toBe(24.5);
  });

  it("give the ratio of two other cases over the reference's quietest rounds", () => {
    // The costs are 25 to 50, and 24 to 60.
    expect(resultsOf(10).ratio("ours", "peer").quietest.median).toBeCloseTo(0.45, 10);
  });

  it("take the tolerance from the A/A pair over the quietest rounds", () => {
    // The ratios are 1.1 and 1, so the upper quartile is 1.075.
    expect(resultsOf(10).aaSpread).toBeCloseTo(1.075, 10);
  });

  it("judge the noise by the reference's median over all rounds, which is 25 here", () => {
    expect(resultsOf(20).reference).toMatchObject({ all: { median: 25 }, quietest: { median: 11 }, isNoisy: false });
    expect(resultsOf(19).reference.isNoisy).toBe(true);
  });
});

describe("slices with and without something", () => {
  it("are compared pair by pair", () => {
    const { quietest, all } = pairRatio({ without: [10, 20, 40, 10], with: [11, 24, 40, 15], leastInWarmUp: 10 });
    // The ratios are 1.1, 1.2, 1 and 1.5, and the first pair is the quietest quarter.
    expect(all.median).toBeCloseTo(1.15, 10);
    expect(quietest.median).toBeCloseTo(1.1, 10);
  });
});
