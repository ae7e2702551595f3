/** Compiles a scenario document into a scenario. */
import type { ScenarioDocument } from "./document.ts";
import type { Scenario } from "./plan.ts";

/** Returns the scenario that a document describes, based on the scenario that it extends. */
export function compileScenario(name: string, document: ScenarioDocument, base: Scenario): Scenario {
  const {
    summary,
    phases,
    progression: moved,
    ends,
    outputs,
    code,
    message,
    progress,
    cost,
    faults,
    webhook,
  } = document;
  const [first, ...rest] =
    typeof outputs === "object" ? outputs.map(({ lead, ...plan }) => ({ ...plan, leadMs: lead })) : [];
  return {
    ...base,
    name,
    summary: summary ?? `Like ${base.name}, with changes`,
    ...(phases !== undefined && { durations: { ...base.durations, ...given(phases) } }),
    ...(moved !== undefined && { progression: moved }),
    ...(ends !== undefined && { ends }),
    ...(typeof outputs === "string" && { outputs }),
    ...(first !== undefined && { outputs: [first, ...rest] as const }),
    // A document that sets the end and no outputs also decides the result of the outputs.
    ...(outputs === undefined &&
      ends !== undefined && { outputs: ends === "failed" || ends === "rejected" ? "failed" : "succeeded" }),
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...(progress !== undefined && { progressPoints: progress }),
    ...(cost !== undefined && { finalCost: cost }),
    ...(faults !== undefined && { faults }),
    ...(webhook !== undefined && { webhook }),
  };
}

function given({ queued, processing }: { queued?: number | undefined; processing?: number | undefined }) {
  return { ...(queued !== undefined && { queued }), ...(processing !== undefined && { processing }) };
}
