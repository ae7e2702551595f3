/** Lists every response of the cost estimates, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { lipsync, rejectedKeys } from "../provocations.ts";

const analyze: Provocation = { account: "main", method: "POST", path: "/v2/analyze/cost", body: lipsync };
const estimate: Provocation = {
  account: "main",
  method: "POST",
  path: "/v2/generations/estimate",
  body: { model: "lipsync-2", duration: 10 },
};

const alias: Provocation = { ...estimate, path: "/v2/generate/estimate-cost" };

export const costOutcomes: readonly Outcome[] = [
  { operation: "analyzeCost", status: 200, source: "sdk", provoke: analyze },
  { operation: "analyzeCost", status: 400, source: "inferred", provoke: { ...analyze, body: {} } },
  ...rejectedKeys("analyzeCost", analyze),
  ...[estimate, alias].flatMap((provoke): Outcome[] => [
    { operation: "estimateCost", status: 200, source: "doc", provoke },
    {
      operation: "estimateCost",
      status: 400,
      source: "doc",
      provoke: { ...provoke, body: { model: "lipsync-2", duration: 0 } },
    },
    {
      operation: "estimateCost",
      status: 422,
      code: "cost_estimate_unavailable",
      source: "doc",
      provoke: { ...provoke, body: { model: "lipsync-9", duration: 1 } },
    },
    ...rejectedKeys("estimateCost", provoke),
  ]),
];
