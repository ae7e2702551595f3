/** Refuses rules and verifications that could never come to anything: mistyped names, and matches that exclude themselves. */
import type { FaultDocument } from "../engine/faults.ts";
import { parseScenarioText } from "../engine/marker.ts";
import { expressionOf, type RequestMatch } from "../engine/request-match.ts";
import type { RuleDocument } from "../engine/rules.ts";
import type { Scenario } from "../engine/scenarios.ts";
import { operations } from "../http/operations.ts";
import { problem } from "../http/problems.ts";
import type { VendorRoute } from "../http/wire.ts";
import type { Vendor } from "../vendors/vendor.ts";
import { unknownName, vendorNamed } from "./names.ts";
import type { ControlOptions } from "./scope.ts";

/** Methods whose routes make nothing. */
const READS = ["GET", "HEAD", "DELETE"];

/** Throws a problem for a rule that is mistyped or could never apply; `at` is where it stands in the request. */
export function checkRule(
  options: ControlOptions,
  scenarios: readonly Scenario[],
  rule: RuleDocument,
  at = "body",
): void {
  const { when } = rule;
  const routes = checkMatch(options, when, `${at}.when`);
  const vendors = options.vendors.filter(({ name }) => when.vendor === undefined || name === when.vendor);
  if (rule.scenario !== undefined) {
    if (when.generation !== undefined)
      throw never(`${at}.when.generation`, "a scenario is chosen before there is a generation");
    if (routes.length > 0 && routes.every(({ method }) => READS.includes(method)))
      throw never(`${at}.when`, "a scenario applies to requests that create, and this matches none of those");
    checkScenarioText(scenarios, vendors, rule.scenario, at);
  }
  if (rule.fault !== undefined) checkFault(vendors, rule.fault, at);
}

/** Checks names and their combination; answers the routes that can match. */
export function checkMatch(
  { context, vendors }: ControlOptions,
  match: RequestMatch,
  at: string,
): readonly VendorRoute[] {
  const { vendor, operation, method, path } = match;
  if (vendor !== undefined) vendorNamed(vendors, vendor, `${at}.vendor`);
  if (operation !== undefined && !operations.some((name) => name === operation))
    throw unknownName("operation", operation, operations, `${at}.operation`);
  let routes = context.routes.filter((route) => vendor === undefined || route.vendor === vendor);
  // Files are served by no vendor's own route.
  const isMedia = operation === "downloadOutput" || operation === "downloadUpload" || operation === "uploadBytes";
  if (isMedia) return [];
  if (operation !== undefined) {
    const own = routes.filter((route) => route.operation === operation);
    if (own.length === 0)
      throw unknownName(
        `operation of ${vendor ?? "any vendor"}`,
        operation,
        [...new Set(routes.map((route) => route.operation))],
        `${at}.operation`,
      );
    routes = own;
  }
  if (method !== undefined) {
    if (!/^[A-Z]+$/.test(method)) throw never(`${at}.method`, `${method} is no method`);
    const own = routes.filter((route) => route.method === method);
    if (own.length === 0 && operation !== undefined)
      throw never(`${at}.method`, `${operation} is ${[...new Set(routes.map((route) => route.method))].join(" or ")}`);
    if (own.length > 0) routes = own;
  }
  if (typeof path === "string") checkPath(path, operation === undefined ? [] : routes, vendors, vendor, at);
  return routes;
}

function checkPath(
  path: string,
  routes: readonly VendorRoute[],
  vendors: readonly Vendor[],
  vendor: string | undefined,
  at: string,
): void {
  if (!path.startsWith("/")) throw never(`${at}.path`, `a path begins with /, as in /${path}`);
  if (path.includes("?")) throw never(`${at}.path`, "a path is matched without its query");
  if (routes.length > 0 && !routes.some((route) => canMeet(path, route.path)))
    throw never(`${at}.path`, `${routes[0]?.operation ?? ""} is at ${routes.map((route) => route.path).join(" or ")}`);
  const prefixes = vendors
    .filter(({ name }) => vendor === undefined || name === vendor)
    .flatMap((each) => each.prefixes)
    .concat("/_media", vendor === undefined ? [] : "/api-json");
  if (!path.includes("*") && !prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)))
    throw never(`${at}.path`, `no request comes there; vendors have ${prefixes.join(", ")}`);
}

/** Whether some path fits both a match with wildcards and a route with parameters. */
function canMeet(wanted: string, route: string): boolean {
  if (wanted.includes("**")) return true;
  const [left, right] = [wanted.split("/"), route.split("/")];
  if (left.length !== right.length) return false;
  return left.every((segment, index) => {
    const other = right[index] ?? "";
    return segment.includes("*") || /^[:{]/.test(segment) || other.includes(":") || other.includes("*")
      ? true
      : expressionOf(segment).test(other);
  });
}

function checkScenarioText(scenarios: readonly Scenario[], vendors: readonly Vendor[], text: string, at: string): void {
  const { name, value } = parseScenarioText(text) ?? { name: text };
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) {
    const names = scenarios.map((each) => each.name);
    throw unknownName("scenario", name, names, `${at}.scenario`);
  }
  const { ends, refuses } = scenario;
  const able = vendors.filter((vendor) => canShow(vendor, scenario));
  if (able.length === 0)
    throw problem(
      "not-expressible",
      `${at}.scenario: ${vendors.map((vendor) => vendor.name).join(" and ")} cannot show scenario "${name}".`,
    );
  if (value === undefined) return;
  const knows = (vendor: Vendor): boolean =>
    refuses === undefined
      ? vendor.failure(value, ends === "rejected" ? "rejected" : "failed") !== undefined
      : vendor.errors.byCode(value) !== undefined;
  if (able.some(knows)) return;
  const codes = able.flatMap((vendor) => (refuses === undefined ? vendor.failureCodes : vendor.errors.codes));
  throw unknownName("code", value, codes, `${at}.scenario`);
}

/** Whether a vendor has a way to show what a scenario needs, as far as that does not depend on the request. */
export function canShow({ expressible, webhooks }: Vendor, { ends, outputs, webhook }: Scenario): boolean {
  const outcomes = typeof outputs === "string" ? [outputs] : outputs.map(({ outcome }) => outcome);
  return (
    (ends === "never" || expressible.phases.includes(ends)) &&
    outcomes.every((outcome) => outcome === "partial" || expressible.outcomes.includes(outcome)) &&
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

function never(field: string, why: string) {
  return problem("never-matches", `${field}: ${why}.`, { field });
}
