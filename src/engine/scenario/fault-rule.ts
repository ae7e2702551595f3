/** Turns the faults of a scenario into rules. */
import type { RuleDocument } from "../rule/rule-document.ts";
import type { ScenarioFault } from "./document.ts";

/** Returns the rule for a scenario's fault of one generation. */
export function ruleOf(generation: string, { operation, method, ...fault }: ScenarioFault): RuleDocument {
  const when = {
    generation,
    ...(operation !== undefined && { operation }),
    ...(method !== undefined && { method }),
  };
  return { when, ...fault };
}
