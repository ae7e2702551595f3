/** Tests that the cases tell sound clients from broken ones: the former pass all, the latter fail exactly their own. */
import { describe, expect, it } from "vitest";
import { families } from "../../src/conformance/case-document.ts";
import { brokenRows, loopRows, soundRows } from "../support/conform-clients/proof.ts";
import { idsOf, runProof } from "../support/conform-clients/run-suite.ts";

/** The sound clients of which all cases are run here; the load run has the others too. */
const POLLING = soundRows.filter(({ name }) => name === "polling");

const PATIENCE_MS = 90_000;

/** Clients have deadlines in real time, which other work on the machine may use up. */
const patient = { retry: 2 };

describe.concurrent("a sound client", patient, () => {
  it.each(POLLING)(
    "that polls passes every case of $vendor that it comes to",
    async ({ vendor, name, render }) => {
      const began = Date.now();
      const results = await runProof({ vendor, name, render });
      expect(idsOf(results, ["fail", "hang", "flaky", "tolerated"])).toEqual([]);
      expect(idsOf(results, ["pass"]).length).toBeGreaterThan(80);
      expect(Date.now() - began).toBeLessThan(60_000);
    },
    PATIENCE_MS,
  );
});

describe.concurrent("a client that", patient, () => {
  it.each(brokenRows)(
    "$name fails exactly its own cases of $vendor ($family)",
    async (row) => {
      const { vendor, tried, fails } = row;
      const results = await runProof({ ...row, match: tried.map((each) => `${vendor}/${each}`) });
      expect(idsOf(results, ["fail", "hang"]).sort()).toEqual(fails.map((each) => `${vendor}/${each}`).sort());
      expect(idsOf(results, ["pass"]).length).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  it("is broken is there for every family", () => {
    expect([...new Set(brokenRows.map(({ family }) => family))].sort()).toEqual([...families].sort());
  });
});

describe.concurrent("the loop of the pages", patient, () => {
  it.each(loopRows)(
    "of $vendor pays no job twice, and fails exactly where its pages say nothing",
    async (row) => {
      const { vendor, tried, fails } = row;
      const results = await runProof({ ...row, match: tried.map((each) => `${vendor}/${each}`) });
      expect(idsOf(results, ["fail", "hang"]).sort()).toEqual(fails.map((each) => `${vendor}/${each}`).sort());
      expect(idsOf(results, ["pass"])).toContain(`${vendor}/money/504-though-made`);
    },
    PATIENCE_MS,
  );
});
