/** Makes a rule or a verification of a request that was sent. */
import type { JournalRequest } from "../../client/documents.ts";

/** What the form of a new rule shows; empty texts stand for anything. */
export interface RuleDraft {
  readonly vendor: string;
  readonly operation: string;
  readonly account: string;
  readonly label: string;
  readonly path: string;
  readonly effect: "scenario" | "fault";
  readonly scenario: string;
  readonly code: string;
  readonly fault: string;
  readonly times: string;
}

export const emptyDraft: RuleDraft = {
  vendor: "",
  operation: "",
  account: "",
  label: "",
  path: "",
  effect: "scenario",
  scenario: "fail",
  code: "",
  fault: "status 500",
  times: "1",
};

/** Returns the rule that meets requests like this one. Only a create can have a scenario. */
export function ruleDraftOf({ vendor, operation, account, label, generations, method }: JournalRequest): RuleDraft {
  const isCreate = method === "POST" && generations.length > 0;
  return {
    ...emptyDraft,
    vendor: vendor ?? "",
    operation: operation ?? "",
    account: account ?? "",
    label: label ?? "",
    effect: isCreate ? "scenario" : "fault",
  };
}

/** The faults that the form offers, with what a client sees. */
export const faults: readonly (readonly [name: string, text: string])[] = [
  ["status 500", "500"],
  ["status 503", "503"],
  ["rate limit", "429 in the vendor's words"],
  ["latency 5s", "answered 5 s later, on the sandbox's clock"],
  ["CONNECTION_RESET_BY_PEER", "the connection is reset"],
  ["EMPTY_RESPONSE", "the connection is closed without an answer"],
  ["NEVER_ANSWER", "never answered"],
  ["TRUNCATED_BODY", "the answer is cut in the middle"],
  ["WRONG_CONTENT_LENGTH", "the answer is shorter than it says"],
  ["MALFORMED_RESPONSE_CHUNK", "the answer has a malformed chunk"],
  ["SLOW_BODY", "the answer trickles in"],
];

/** Returns the document that control adds as a rule. */
export function ruleOf(draft: RuleDraft): Record<string, unknown> {
  const { vendor, operation, account, label, path, effect, scenario, code, times } = draft;
  const when = Object.fromEntries(
    Object.entries({ vendor, operation, account, label, path }).filter(([, value]) => value !== ""),
  );
  return {
    when,
    ...(effect === "scenario"
      ? { scenario: code.trim() === "" ? scenario : `${scenario}=${code.trim()}` }
      : { fault: faultOf(draft.fault) }),
    ...(times.trim() !== "" && { times: Number(times) }),
  };
}

function faultOf(name: string): unknown {
  const [kind, value = ""] = name.split(" ");
  if (kind === "status") return { status: Number(value) };
  if (kind === "latency") return { latency: value };
  if (name === "rate limit") return { rateLimit: true };
  return name;
}

/** Returns the expectation that a request like this one was sent once. */
export function expectationOf({
  vendor,
  operation,
  account,
  method,
  url,
  label,
  request,
}: JournalRequest): Record<string, unknown> {
  const { body } = request;
  return {
    ...(vendor !== null && { vendor }),
    ...(operation === null ? { method, path: url.split("?", 1)[0] } : { operation }),
    ...(account !== null && account !== "main" && { account }),
    ...(label !== null && { label }),
    ...(typeof body === "object" && body !== null && !hasOperators(body) && { body }),
    count: 1,
  };
}

/** A body with names like operators would be read as a pattern. */
function hasOperators(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, each]) => name.startsWith("$") || hasOperators(each));
}
