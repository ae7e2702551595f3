/** A short form of `npm run load`. */
import { expect, it } from "vitest";
import { crashAgainAndAgain } from "./crash.ts";
import { soak } from "./soak.ts";
import { starve } from "./starve.ts";

it(
  "loses nothing that it acknowledged when it is killed, and announces each end once",
  { timeout: 120_000 },
  async () => {
    const { violations, creates } = await crashAgainAndAgain({ rounds: 3, seed: 3 });
    expect(violations).toEqual([]);
    expect(creates).toBeGreaterThan(5);
  },
);

it("loses and repeats no transition under a mixed load", { timeout: 60_000 }, async () => {
  const { violations, generations } = await soak({ seconds: 5, sandboxes: 10, seed: 3 });
  expect(violations).toEqual([]);
  expect(Object.keys(generations).length).toBeGreaterThan(1);
});

it("says what is wrong with its file in one line, and damages nothing", { timeout: 120_000 }, async () => {
  const { violations } = await starve();
  expect(violations).toEqual([]);
});
