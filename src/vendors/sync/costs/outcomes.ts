/** Lists every response of the cost estimates and of the recorded costs, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { lipsync, marked, missing, rejectedKeys } from "../provocations.ts";

const analyze: Provocation = { account: "main", method: "POST", path: "/v2/analyze/cost", body: lipsync };
const estimate: Provocation = {
  account: "main",
  method: "POST",
  path: "/v2/generations/estimate",
  body: { model: "lipsync-2", duration: 10 },
};

const alias: Provocation = { ...estimate, path: "/v2/generate/estimate-cost" };

const recorded: Provocation = {
  account: "main",
  method: "GET",
  path: "/v2/generate/{id}/costs",
  create: { body: lipsync },
};
const { input } = lipsync;
const dubbed = { model: "sync-3", input: [input[0]], dubParams: { targetLang: "es" } } as const;
const costsOf = (body: unknown, advance: string): Provocation => ({ ...recorded, create: { body }, advance });
const range = "startTime=2020-01-01T00:00:00Z&endTime=2120-01-01T00:00:00Z";
const usage: Provocation = {
  account: "main",
  method: "GET",
  path: `/v2/usage/generations?${range}&limit=1`,
  create: { body: lipsync, times: 2 },
  advance: "10s",
};

export const costOutcomes: readonly Outcome[] = [
  { operation: "analyzeCost", status: 200, source: "sdk", provoke: analyze },
  {
    operation: "analyzeCost",
    status: 200,
    source: "client",
    provoke: { ...analyze, settings: { vendors: { sync: { costEstimates: "object" } } } },
  },
  { operation: "analyzeCost", status: 400, source: "inferred", provoke: { ...analyze, body: {} } },
  ...rejectedKeys("analyzeCost", analyze),
  ...[estimate, alias].flatMap((provoke): Outcome[] => [
    { operation: "estimateCost", status: 200, source: "doc", provoke },
    {
      operation: "estimateCost",
      status: 200,
      code: "breakdown",
      source: "client",
      provoke: { ...provoke, body: { model: "sync-3", duration: 12, fps: 25, workflow: "translate-and-dub" } },
    },
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
  ...(
    [
      ["pending", "queued", lipsync, "0s"],
      ["pending", "processing", lipsync, "1s"],
      ["complete", "succeeded", lipsync, "10s"],
      ["complete", "failed", marked("fail"), "10s"],
      ["partial", "succeeded", dubbed, "10s"],
    ] as const
  ).map(([availability, phase, body, advance]): Outcome => ({
    operation: "getGenerationCosts",
    status: 200,
    code: availability,
    // Components of a partial cost are complete.
    ...(availability === "partial" && { sign: '"availability":"partial"' }),
    phase,
    source: "inferred",
    provoke: costsOf(body, advance),
  })),
  ...rejectedKeys("getGenerationCosts", recorded),
  ...missing("getGenerationCosts", recorded),
  { operation: "listGenerationCosts", status: 200, code: '"nextCursor":"', source: "doc", provoke: usage },
  {
    operation: "listGenerationCosts",
    status: 200,
    code: '"nextCursor":null',
    source: "doc",
    provoke: { ...usage, path: `/v2/usage/generations?${range}` },
  },
  ...(
    [
      ["doc", ""],
      ["doc", `${range}&limit=501`],
      ["doc", "startTime=2026-11-02T00:00:00Z&endTime=2026-11-01T00:00:00Z"],
      ["inferred", `${range}&cursor=none`],
    ] as const
  ).map(([source, query]): Outcome => ({
    operation: "listGenerationCosts",
    status: 400,
    source,
    provoke: { ...usage, path: `/v2/usage/generations?${query}` },
  })),
  ...rejectedKeys("listGenerationCosts", usage),
];
