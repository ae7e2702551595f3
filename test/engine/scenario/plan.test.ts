/** Tests outputs that fail in any scenario, because the vendor checks them only when they run. */
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

describe("for an output with a flaw,", () => {
  it("a flawed output fails with its own failure, and its siblings do not fail", () => {
    const planned = plan("succeed", draft("a", flaw), draft("b"));
    expect(planned.outputs).toMatchObject([{ result: "failed", failure: flaw }, { result: "succeeded" }]);
    expect(endOf(planned)).toBe("succeeded");
    expect(planned.failure).toBeUndefined();
  });

  it("a generation fails if its only output is flawed", () => {
    const planned = plan("succeed", draft("a", flaw), draft("b", { code: "OTHER", message: "It is too short." }));
    expect(endOf(planned)).toBe("failed");
    expect(planned.failure).toEqual(flaw);
  });

  it("a flaw does not change a scenario that never ends or that fails anyway", () => {
    expect(endOf(plan("stuck", draft("a", flaw)))).toBe("processing");
    const failed = plan("fail", draft("a", flaw), draft("b"));
    expect(failed.outputs.map(({ failure }) => failure?.message)).toEqual([flaw.message, "It broke."]);
    expect(failed.failure?.message).toBe("It broke.");
  });
});
