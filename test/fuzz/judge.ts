/** Finds errors in an answer that no request may cause. */
import { problems } from "../../src/http/errors/problems.ts";
import { vendors } from "../../src/vendors/index.ts";
import { isPublishedVendor } from "../contract/matching.ts";
import { publishedResponses } from "../contract/published/lookup.ts";
import { differences } from "../contract/published/shape.ts";
import type { Answer } from "./exchange.ts";
import type { FuzzRequest } from "./requests.ts";

/** Returns a description of every error in an answer. */
export function judge(request: FuzzRequest, answer: Answer): string[] {
  const { status, headers, body } = answer;
  const type = headers["content-type"] ?? "";
  const found: string[] = [];
  if (String(headers["x-fauxgen-diagnostic"] ?? "").includes("INTERNAL")) found.push("the emulator failed");
  if (status >= 500 && !asksForFailure(request)) found.push(`unexpected status ${status}`);
  if (Object.hasOwn(headers, "x-injected")) found.push("a header that was injected");
  const isPage =
    request.url.startsWith("/_fauxgen/") &&
    /default-src '(?:none|self)'/.test(String(headers["content-security-policy"]));
  if (/html|svg|javascript/.test(type) && !isPage && !isRedirect(status))
    found.push(`content type ${type}, which a browser runs`);
  if (answer.isCut || request.method === "HEAD") return found;
  if (type.includes("json") && !isJson(body) && body !== "") found.push("a body that is not JSON");
  if (status >= 400) found.push(...judgeError(request, answer));
  return found;
}

function judgeError(request: FuzzRequest, { status, headers, body }: Answer): string[] {
  const path = request.url.split("?", 1)[0] ?? "";
  const { api } = request.operation;
  // The server itself refuses a page of another origin, before a vendor sees the request.
  const isRefusedPreflight = request.method === "OPTIONS" && status === 403;
  // A randomly changed method or path may leave the intended API.
  if (api === "control" || path.startsWith("/_") || isOutside(path) || isRefusedPreflight)
    return judgeProblem(status, headers["content-type"], body);
  if (!isPublishedVendor(api)) return [];
  const json = jsonOf(body);
  const shapes = publishedResponses[api].filter((each) => each.status >= 400);
  const fits = shapes.some(({ body: shape }) => {
    if (shape === "empty") return body === "";
    if (shape === "text" || shape === "bytes") return false;
    return differences(shape, json).length === 0;
  });
  return fits ? [] : [`status ${status} in no error shape of ${api}`];
}

const PREFIXES = vendors.flatMap(({ prefixes }) => prefixes);
const isOutside = (path: string): boolean =>
  !PREFIXES.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));

function judgeProblem(status: number, type: string | undefined, body: string): string[] {
  const problem = jsonOf(body) as { code?: unknown; status?: unknown; title?: unknown; detail?: unknown } | undefined;
  if (!String(type).startsWith("application/problem+json"))
    return [`status ${status} as ${String(type)}, not a problem`];
  if (problem?.status !== status) return [`a problem whose status is not ${status}`];
  if (typeof problem.code !== "string" || !Object.hasOwn(problems, problem.code))
    return [`a problem of the unknown code ${String(problem.code)}`];
  if (typeof problem.title !== "string" || typeof problem.detail !== "string")
    return ["a problem that explains nothing"];
  return [];
}

/** Returns whether the request names a scenario or a failing model, so that it asked for an error. */
function asksForFailure({ headers, body }: FuzzRequest): boolean {
  return Object.hasOwn(headers, "x-fauxgen-scenario") || body?.includes("fauxgen:") === true;
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;
const isJson = (text: string): boolean => jsonOf(text) !== undefined;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
