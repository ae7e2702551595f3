/** Refuses scenarios with mistyped names, and those that no vendor can show. */
import type { ScenarioDocument } from "../../engine/scenario/document.ts";
import type { Scenario } from "../../engine/scenario/plan.ts";
import { problem } from "../../http/errors/problems.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { checkMatch } from "./match-check.ts";
import { unknownName } from "../names.ts";
import { canShow, checkFault } from "./rule-check.ts";
import type { ControlOptions } from "../scope.ts";

/** Throws `unknown-name` for a scenario that extends none of the `names`; `at` is its place in the request. */
export function checkExtends(document: ScenarioDocument, names: readonly string[], at: string): void {
  if (!names.includes(document.extends)) throw unknownName("scenario", document.extends, names, `${at}.extends`);
}

/** Throws a problem for a scenario that no vendor could follow; `at` is its document's place in the request. */
export function checkScenario(
  options: Pick<ControlOptions, "vendors" | "context">,
  document: ScenarioDocument,
  scenario: Scenario,
  at: string,
): void {
  const { vendors } = options;
  for (const [index, { operation, method, fault }] of (document.faults ?? []).entries()) {
    checkMatch(options, { operation, method }, `${at}.faults.${index}`);
    checkFault(vendors, fault, `${at}.faults.${index}`);
  }
  const able = vendors.filter((vendor) => canShow(vendor, scenario));
  if (able.length === 0)
    throw problem("not-expressible", `${at}: no vendor can show a generation that follows "${scenario.name}".`);
  const phase = scenario.ends === "rejected" ? "rejected" : "failed";
  const plans = typeof document.outputs === "object" ? document.outputs : [];
  const codes = [
    { code: document.code, field: `${at}.code` },
    ...plans.map(({ code }, index) => ({ code, field: `${at}.outputs.${index}.code` })),
  ];
  for (const { code, field } of codes) {
    if (code === undefined) continue;
    const refuses = scenario.refuses !== undefined;
    const knows = ({ errors, failure }: Vendor): boolean =>
      (refuses ? errors.byCode(code) : failure(code, phase)) !== undefined;
    if (able.some(knows)) continue;
    const names = able.flatMap(({ errors, failureCodes }) => (refuses ? errors.codes : failureCodes));
    throw unknownName(refuses ? "error code of any vendor" : "failure code of any vendor", code, names, field);
  }
}
