/** Lists the outcomes of Acme that tests look up; the first is a successful create. */
import type { Outcome, Provocation } from "../../../src/http/errors/outcome.ts";

const create: Provocation = { account: "main", method: "POST", path: "/acme/jobs", body: { prompt: "a hat" } };
const credits: Provocation = { account: "main", method: "GET", path: "/acme/credits" };

export const outcomes: readonly Outcome[] = [
  { operation: "createGeneration", status: 201, code: "waiting", phase: "queued", source: "doc", provoke: create },
  {
    operation: "createGeneration",
    status: 402,
    code: "no_credits",
    source: "doc",
    provoke: { ...create, account: "broke" },
  },
  { operation: "getCredits", status: 200, source: "doc", provoke: credits },
  {
    operation: "getCredits",
    status: 403,
    code: "no_plan",
    source: "doc",
    provoke: { ...credits, account: "free" },
  },
];
