/** Outputs that fail whatever the scenario, because of something that the vendor checks only when they run. */
import { describe, expect, it } from "vitest";
import type { Failure } from "../../../src/engine/model/generation.ts";
import { planGeneration, type OutputDraft } from "../../../src/engine/scenario/plan.ts";
import { everything, scenarioNamed } from "../../support/engine.ts";

const flaw: Failure = { code: null, message: "It is too long." };

const draft = (id: string, own?: Failure): OutputDraft => ({
  id,
  medium: "image",
  format: "png",
  width: 8,
  height: 8,
  ...(own !== undefined && { flaw: own }),
});

const plan = (scenario: string, ...outputs: readonly OutputDraft[]) =>
  planGeneration(scenarioNamed(scenario), undefined, everything, {
    medium: "image",
    outputs,
    timing: "fast",
    progression: "time",
  });

const endOf = ({ timeline }: ReturnType<typeof plan>) => timeline.steps.at(-1)?.phase;

describe("a flawed output", () => {
  it("fails with its own failure, and its siblings do not", () => {
    const planned = plan("succeed", draft("a", flaw), draft("b"));
    expect(planned.outputs).toMatchObject([{ outcome: "failed", failure: flaw }, { outcome: "succeeded" }]);
    expect(endOf(planned)).toBe("succeeded");
    expect(planned.failure).toBeUndefined();
  });

  it("has its generation fail when there is no other", () => {
    const planned = plan("succeed", draft("a", flaw), draft("b", { code: "OTHER", message: "It is too short." }));
    expect(endOf(planned)).toBe("failed");
    expect(planned.failure).toEqual(flaw);
  });

  it("changes nothing about a scenario that never ends, or fails by itself", () => {
    expect(endOf(plan("stuck", draft("a", flaw)))).toBe("processing");
    const failed = plan("fail", draft("a", flaw), draft("b"));
    expect(failed.outputs.map(({ failure }) => failure?.message)).toEqual([flaw.message, "It broke."]);
    expect(failed.failure?.message).toBe("It broke.");
  });
});
