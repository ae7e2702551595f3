/** Tests which runs are published, and what the page says about noise and floors. */
import { describe, expect, it } from "vitest";
import { reasonsNotToPublish } from "./publishing.ts";
import { Report } from "./report.ts";
import { Results } from "./results.ts";

const WHOLE = { rounds: 16, sliceMs: 2000, omitted: [], isBesideAnother: false, noise: [] };

describe("the benchmarks page", () => {
  it("is written only by a complete, quiet run of at least 16 rounds", () => {
    expect(reasonsNotToPublish(WHOLE)).toEqual([]);
    expect(reasonsNotToPublish({ ...WHOLE, rounds: 15 })).toEqual(["it had fewer than 16 rounds"]);
    expect(reasonsNotToPublish({ ...WHOLE, sliceMs: 1999 })).toEqual(["its slices were shorter than 2000 ms"]);
    expect(reasonsNotToPublish({ ...WHOLE, omitted: ["held"] })).toEqual(["it left out held"]);
    expect(reasonsNotToPublish({ ...WHOLE, isBesideAnother: true })).toHaveLength(1);
    expect(reasonsNotToPublish({ ...WHOLE, noise: ["bare Fastify"] })).toEqual(["it was noisy: bare Fastify"]);
  });

  it("begins with the reason if a reference cost 1.5 times its least warm-up cost", () => {
    const report = new Report();
    report.reference(resultsWithWarmUp(10).reference, "µs");
    expect(report.noise).toEqual([
      "bare cost 1.50 times its least cost in the warm-up (15.0 to 10.0); a quiet run needs at most 1.3",
    ]);
    expect(report.render([], "").split("\n")[0]).toContain("noisy");
  });

  it("calls a run noisy if a reference had its core for less than four fifths of the time", () => {
    const report = new Report();
    report.reference(resultsWithWarmUp(14).reference, "µs", 0.8);
    expect(report.noise).toEqual([]);
    report.reference(resultsWithWarmUp(14).reference, "µs", 0.79);
    expect(report.noise).toEqual(["bare had its core for 79 % of the time; a quiet run needs at least 80 %"]);
  });

  it("calls a run noisy if the processes of an A/A pair differ by more than 1.3", () => {
    const report = new Report();
    report.apart("bare", 1.3);
    expect(report.noise).toEqual([]);
    report.apart("bare", 1.31);
    expect(report.noise).toEqual(["the two processes of bare differed by 1.310; a quiet run needs at most 1.3"]);
  });

  it("does not call a quiet run noisy", () => {
    const report = new Report();
    report.reference(resultsWithWarmUp(14).reference, "µs");
    expect(report.noise).toEqual([]);
    expect(report.render([], "")).not.toContain("noisy");
  });

  it("lists each floor that was missed by more than its A/A spread", () => {
    const report = new Report();
    report.floor("a read", 1.52, 1.5, 1.02);
    report.floor("a create", 3.1, 3, 1.02);
    report.floor("its memory", 1.31, 1.3);
    expect(report.missed).toEqual(["a create: 3.10 instead of 3", "its memory: 1.31 instead of 1.3"]);
  });
});

function resultsWithWarmUp(leastInWarmUp: number): Results<"us"> {
  const results = new Results<"us">("us", { name: "bare", twin: "again", leastInWarmUp });
  for (const us of [14, 15, 16]) for (const name of ["bare", "again"]) results.add(name, { us });
  return results;
}
