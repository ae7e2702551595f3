/** Refuses matches that could never apply: mistyped names, and fields that exclude each other. */
import { nearestNames } from "../../wording/nearest.ts";
import { engineFlaw } from "../../engine/rule/linear-pattern.ts";
import { expressionsIn } from "../../engine/rule/patterns.ts";
import { normalPath } from "../../engine/rule/normal-path.ts";
import { pathPattern } from "../../engine/rule/path-pattern.ts";
import type { RequestMatch } from "../../engine/rule/request-match.ts";
import type { Journal } from "../../http/journal/journal.ts";
import { operations } from "../../http/journal/operations.ts";
import { problem } from "../../http/errors/problems.ts";
import type { VendorRoute } from "../../http/request/vendor-http.ts";
import { adviceOn } from "../../wording/field-errors.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { unknownName, vendorNamed } from "../names.ts";
import { invalidRequest, type ControlOptions } from "../scope.ts";

/** The data against which names are checked, beside the vendors. */
export interface MatchWorld {
  /** Accounts that the sandbox has or will have; absent if any account is allowed. */
  readonly accounts?: readonly string[];
  /** Returns whether the journal has a request to this path; such a path is not a mistake, even without a route. */
  readonly hasSeen?: (path: string) => boolean;
}

/** Returns a function that tells whether the journal has a request to a path. */
export function hasSeen(journal: Journal): (path: string) => boolean {
  return (path) => journal.entries().some((entry) => entry.path === normalPath(path));
}

const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** The operations on files, which are not routes of a vendor. */
const FILE_OPERATIONS: readonly string[] = ["downloadOutput", "downloadUpload", "uploadBytes"];
const FILES = "/_media";

/** Checks the names of a match and their combination; returns the routes that can match. */
export function checkMatch(
  { context, vendors }: Pick<ControlOptions, "context" | "vendors">,
  match: RequestMatch,
  at: string,
  world: MatchWorld = {},
): readonly VendorRoute[] {
  const { vendor, operation, method, path, account } = match;
  if (vendor !== undefined) vendorNamed(vendors, vendor, `${at}.vendor`);
  if (method !== undefined) checkMethod(method, `${at}.method`);
  const flaw = engineFlaw(expressionsIn(match));
  if (flaw !== undefined) throw invalidRequest([{ field: at, message: flaw }]);
  if (typeof account === "string" && world.accounts !== undefined)
    checkAccountName(account, `${at}.account`, world.accounts);
  if (operation !== undefined) checkOperation(operation, `${at}.operation`);
  const ofVendor = context.routes.filter((route) => vendor === undefined || route.vendor === vendor);
  if (operation !== undefined && FILE_OPERATIONS.includes(operation)) return [];
  const ofOperation = operation === undefined ? ofVendor : routesOf(operation, ofVendor, vendor, `${at}.operation`);
  const ofMethod = method === undefined ? ofOperation : ofOperation.filter((route) => takes(route, method));
  if (ofMethod.length === 0 && operation !== undefined)
    throw never(`${at}.method`, `${operation} is ${methodsOf(ofOperation)}`);
  if (typeof path !== "string") return ofMethod.length > 0 ? ofMethod : ofOperation;
  if (!path.startsWith("/"))
    throw never(
      `${at}.path`,
      `a path begins with /, as in ${path.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/^\/*/, "/")}`,
    );
  if (path.includes("?"))
    throw never(`${at}.path`, "a path is matched without its query; write the parameters in `query`");
  if (isFilePath(path) || world.hasSeen?.(path) === true) return ofMethod;
  const ofPath = ofOperation.filter((route) => canMeet(path, route.path));
  if (ofPath.length === 0) throw noRoute(path, `${at}.path`, { routes: ofOperation, operation, vendors });
  const met = method === undefined ? ofPath : ofPath.filter((route) => takes(route, method));
  if (met.length === 0) throw never(`${at}.method`, `${path} takes ${methodsOf(ofPath)}`);
  return met;
}

/** Throws `unknown-name` for an unknown HTTP method, such as `PSOT`. */
function checkMethod(method: string, field: string): void {
  if (!METHODS.includes(method.toUpperCase())) throw unknownName("HTTP method", method, METHODS, field);
}

/** Throws `unknown-name` for an operation that no vendor has. */
export function checkOperation(operation: string, field: string): void {
  if (!operations.some((name) => name === operation)) throw unknownName("operation", operation, operations, field);
}

/** Throws `unknown-name` for an account that the sandbox does not have. */
export function checkAccountName(account: string, field: string, accounts: readonly string[]): void {
  if (accounts.includes(account)) return;
  const near = nearestNames(account, accounts);
  throw problem(
    "unknown-name",
    `${field}: no account "${account}" in this sandbox. ${adviceOn(near, accounts)} PUT accounts/${account} creates it, and so does the first request with its key.`,
    { field, nearest: near },
  );
}

function routesOf(
  operation: string,
  routes: readonly VendorRoute[],
  vendor: string | undefined,
  field: string,
): readonly VendorRoute[] {
  const own = routes.filter((route) => route.operation === operation);
  if (own.length > 0) return own;
  const names = [...new Set(routes.map((route) => route.operation))];
  throw unknownName(`operation of ${vendor ?? "any vendor"}`, operation, names, field);
}

function noRoute(
  path: string,
  field: string,
  {
    routes,
    operation,
    vendors,
  }: {
    readonly routes: readonly VendorRoute[];
    readonly operation: string | undefined;
    readonly vendors: readonly Vendor[];
  },
) {
  const paths = [...new Set(routes.map((route) => route.path))];
  if (operation !== undefined) return never(field, `${operation} is at ${paths.join(" or ")}`);
  const near = nearestNames(path, paths);
  const advice =
    near.length > 0
      ? adviceOn(near, paths)
      : `Vendors have paths below ${vendors.flatMap(({ prefixes }) => prefixes).join(", ")}.`;
  return problem(
    "unknown-name",
    `${field}: no route has the path "${path}". ${advice}${field.startsWith("query.") ? "" : ` Write {"$eq": "${path}"} if you mean this path.`}`,
    { field, nearest: near },
  );
}

function isFilePath(path: string): boolean {
  return path === FILES || path.startsWith(`${FILES}/`);
}

/** Returns whether a path can fit both a match with wildcards and a route with parameters. */
function canMeet(wanted: string, route: string): boolean {
  if (wanted.includes("**") || route.includes("*")) return openingsMeet(wanted, route);
  const [left, right] = [normalPath(wanted).split("/"), route.split("/")];
  return left.length === right.length && left.every((segment, index) => segmentsMeet(segment, right[index] ?? ""));
}

/** Compares only the segments before a `**` or `*`, for a match or a route that has one. */
function openingsMeet(wanted: string, route: string): boolean {
  const [left, right] = [beforeRest(wanted), beforeRest(route)];
  return left.every((segment, index) => {
    const other = right[index];
    return other === undefined || segmentsMeet(segment, other);
  });
}

function beforeRest(path: string): string[] {
  const segments = path.split("/");
  const rest = segments.findIndex((segment) => segment === "**" || segment === "*");
  return rest === -1 ? segments : segments.slice(0, rest);
}

function segmentsMeet(wanted: string, route: string): boolean {
  if (wanted.includes("*") || /^[:{]/.test(wanted) || route.includes(":")) return true;
  return pathPattern(wanted).test(route);
}

/** HEAD is answered wherever GET is. */
function takes(route: VendorRoute, method: string): boolean {
  return route.method === (method === "HEAD" ? "GET" : method);
}

function methodsOf(routes: readonly VendorRoute[]): string {
  return [...new Set(routes.map((route) => route.method))].join(" or ");
}

export function never(field: string, why: string) {
  return problem("never-matches", `${field}: ${why}.`, { field });
}
