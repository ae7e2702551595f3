/** Runs a short form of `npm run load`. */
import { expect, it } from "vitest";
import { crashAgainAndAgain } from "./crash.ts";
import { Lives } from "./lives.ts";
import { judgeMemory } from "./memory.ts";
import { soak } from "./soak.ts";
import { runSoundClients } from "./sound-clients.ts";
import { starve } from "./starve.ts";

it(
  "a killed server loses nothing that it acknowledged, and announces each end once",
  { timeout: 120_000 },
  async () => {
    const { violations, creates } = await crashAgainAndAgain({ rounds: 3, seed: 3 });
    expect(violations).toEqual([]);
    expect(creates).toBeGreaterThan(5);
  },
);

it("a mixed load loses and repeats no transition", { timeout: 60_000 }, async () => {
  const { violations, generations } = await soak({ seconds: 4, rounds: 2, sandboxes: 10, seed: 3 });
  expect(violations).toEqual([]);
  expect(Object.keys(generations.ended).length).toBeGreaterThan(1);
});

it("the memory check judges what is left after every sandbox was reset", () => {
  const samples = (leakedBytes: number) =>
    [1, 2, 3, 4].map((round) => {
      const requests = round * 10_000;
      const leakedMiB = (requests * leakedBytes) / 1024 ** 2;
      return { liveMiB: 40 + leakedMiB, residentMiB: 200 + leakedMiB, peakMiB: 200 + leakedMiB, requests };
    });
  expect(judgeMemory(samples(20))).toEqual([]);
  expect(judgeMemory(samples(300))).toEqual(["the live heap grew by 5.7 MiB, 300 bytes a request"]);
  expect(judgeMemory(samples(10_000)).join("; ")).toMatch(
    /resident memory grew from .*; resident memory under load grew/,
  );
});

it("the ledger of the load test finds every generation that is lost, repeated or in another phase than announced", () => {
  const lives = new Lives();
  const told = { sandbox: "s", vendor: "v" };
  const tell = (kind: string, id: string, more = {}): void => {
    lives.hear({ ...told, kind, id, ...more });
  };
  tell("generation.created", "a");
  tell("generation.transition", "a", { from: "processing", to: "succeeded" });
  tell("generation.transition", "b", { from: "queued", to: "processing" });
  tell("generation.created", "a");
  lives.acknowledge("s", "v", "never-made");
  lives.close();
  expect(lives.violations).toEqual([
    "s v a: queued and then from processing to succeeded",
    "s v b: queued to processing after its end, or before it was made",
    "s v a was made twice",
    "never ended: s v a: queued",
    "2 were made and 0 ended",
    "1 were acknowledged and 0 lost their answer; 2 were made",
    "s v never-made was acknowledged and no event told of it",
    "2 were made without an answer, and 0 answers were to be lost",
  ]);
});

it("a server with an unusable file says why in one line, and damages nothing", { timeout: 120_000 }, async () => {
  const { violations } = await starve();
  expect(violations).toEqual([]);
});

it("sound clients have no finding above a note about their conduct", { timeout: 120_000 }, async () => {
  const { violations, runs, finished } = await runSoundClients({ runs: 30, seed: 3 });
  expect(violations).toEqual([]);
  expect(Object.keys(runs)).toHaveLength(15);
  expect(finished).toBeGreaterThan(10);
});

it("the same clients are found when they do not sleep as long as they should", { timeout: 120_000 }, async () => {
  const { violations } = await runSoundClients({ runs: 15, seed: 3, pace: 0.05 });
  for (const id of ["polls-too-often", "retry-after-ignored"])
    expect(violations).toContainEqual(expect.stringContaining(` ${id}: `));
});
