/** Refuses rules that could never apply: mistyped names, and scenarios and faults that no vendor can show. */
import { compileFault, suitsHead, type FaultDocument } from "../../engine/rule/faults.ts";
import { parseScenarioText } from "../../engine/rule/marker.ts";
import type { RuleDocument } from "../../engine/rule/rule-document.ts";
import type { Scenario } from "../../engine/scenario/plan.ts";
import { problem } from "../../http/errors/problems.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { checkMatch, never, type MatchWorld } from "./match-check.ts";
import { unknownName } from "../names.ts";
import type { ControlOptions } from "../scope.ts";

/** The data against which a rule is checked. */
export interface RuleWorld extends MatchWorld {
  readonly scenarios: readonly Scenario[];
}

/** Methods whose routes create nothing. */
const READS: readonly string[] = ["GET", "HEAD", "DELETE"];

/** Throws a problem for a rule that is mistyped or could never apply; `at` is its place in the request. */
export function checkRule(options: ControlOptions, rule: RuleDocument, at: string, world: RuleWorld): void {
  const { when } = rule;
  const routes = checkMatch(options, when, `${at}.when`, world);
  const vendors = options.vendors.filter(({ name }) => when.vendor === undefined || name === when.vendor);
  if (rule.scenario !== undefined) {
    if (when.generation !== undefined)
      throw never(`${at}.when.generation`, "a scenario is chosen before the generation exists");
    if (routes.length > 0 && routes.every(({ method }) => READS.includes(method)))
      throw never(
        `${at}.when`,
        "a scenario applies to requests that create a generation, and this matches none of them",
      );
    checkScenarioText(world.scenarios, vendors, rule.scenario, `${at}.scenario`);
  }
  if (rule.fault === undefined) return;
  if (when.method === "HEAD" && !suitsHead(compileFault(rule.fault)))
    throw never(`${at}.when.method`, "HEAD is never held, and its answer has no body to damage");
  checkFault(vendors, rule.fault, at);
}

/**
 * Throws a problem for a scenario `name` or `name=CODE` that does not exist, that none of the vendors can show, or
 * whose code none of the vendors has.
 */
export function checkScenarioText(
  scenarios: readonly Scenario[],
  vendors: readonly Vendor[],
  text: string,
  field: string,
): void {
  const { name, value } = parseScenarioText(text) ?? { name: text };
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) {
    const names = scenarios.map((each) => each.name);
    throw unknownName("scenario", name, names, field);
  }
  const { ends, refuses } = scenario;
  const able = vendors.filter((vendor) => canShow(vendor, scenario));
  if (able.length === 0)
    throw problem(
      "not-expressible",
      `${field}: ${vendors.map((vendor) => vendor.name).join(" and ")} cannot show scenario "${name}".`,
      { field },
    );
  if (value === undefined) return;
  const knows = (vendor: Vendor): boolean =>
    refuses === undefined
      ? vendor.failure(value, ends === "rejected" ? "rejected" : "failed") !== undefined
      : vendor.errors.byCode(value) !== undefined;
  if (able.some(knows)) return;
  const codes = able.flatMap((vendor) => (refuses === undefined ? vendor.failureCodes : vendor.errors.codes));
  throw unknownName("code", value, codes, field);
}

/** Returns whether a vendor can show a scenario, as far as this does not depend on the request. */
export function canShow({ capabilities, webhooks }: Vendor, { ends, outputs, webhook }: Scenario): boolean {
  const results = typeof outputs === "string" ? [outputs] : outputs.map(({ result }) => result);
  return (
    (ends === "never" || capabilities.phases.includes(ends)) &&
    results.every((result) => result === "partial" || capabilities.results.includes(result)) &&
    (webhook === undefined || webhooks !== undefined)
  );
}

/** Throws `unknown-name` for an error code that none of the vendors has. */
export function checkFault(vendors: readonly Vendor[], fault: FaultDocument, at: string): void {
  if (typeof fault === "string" || fault.error === undefined) return;
  const { error } = fault;
  if (vendors.some((vendor) => vendor.errors.byCode(error) !== undefined)) return;
  throw unknownName(
    "error code",
    error,
    vendors.flatMap((vendor) => vendor.errors.codes),
    `${at}.fault.error`,
  );
}
