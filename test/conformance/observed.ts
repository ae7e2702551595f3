/** Makes observations of clients that never ran, for tests of what is concluded from them. */
import type { Delivery, Generation, JournalRequest } from "../../src/client/documents.ts";
import { OperationGroups } from "../../src/conformance/groups.ts";
import { FIRST_FAULT_PRIORITY, Observation, type Exit, type Recorded } from "../../src/conformance/observation.ts";
import { conduct } from "../../src/vendors/sync/conduct.ts";

/** When the client started, on both clocks. */
export const START = Date.UTC(2026, 10, 27, 12);

const routes = [
  { operation: "createGeneration", method: "POST", path: "/v2/generate" },
  { operation: "getGeneration", method: "GET", path: "/v2/generate/:id" },
  { operation: "listGenerations", method: "GET", path: "/v2/generations" },
  { operation: "downloadOutput", method: "GET", path: "/v2/generations/:id/download" },
];

const groups = new OperationGroups("sync", conduct, routes);

type Kind = "create" | "poll" | "list" | "download";

interface Step {
  readonly kind: Kind;
  readonly atMs: number;
  readonly tookMs?: number;
  readonly status?: number | null;
  readonly fault?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: unknown;
  readonly retryAfter?: string;
  readonly state?: JournalRequest["state"];
  readonly path?: string;
}

const PATHS = {
  create: ["POST", "createGeneration", "/v2/generate"],
  poll: ["GET", "getGeneration", "/v2/generate/job-1"],
  list: ["GET", "listGenerations", "/v2/generations"],
  download: ["GET", "downloadOutput", "/_media/s/sync/job-1.mp4"],
} as const;

function requestOf(step: Step, index: number): JournalRequest {
  const { kind, atMs, tookMs = 10, status = kind === "create" ? 201 : 200, fault, headers = {}, body, answer } = step;
  const [method, operation, path] = PATHS[kind];
  const at = new Date(START + atMs).toISOString();
  const answeredAt = new Date(START + atMs + tookMs).toISOString();
  return {
    id: index + 1,
    state: step.state ?? "answered",
    sandbox: "s",
    method,
    url: step.path ?? path,
    path: step.path ?? path,
    query: {},
    vendor: "sync",
    operation,
    account: "main",
    label: null,
    status,
    at,
    heldAt: null,
    answeredAt,
    real: { at, answeredAt, tookMs },
    scenario: null,
    rules: fault === undefined ? [] : ["rule-1"],
    fault: fault ?? null,
    generations: kind === "list" ? [] : ["job-1"],
    diagnostics: [],
    request: { headers: { ...headers }, body: body ?? null, bytes: 0, kept: "whole" },
    response: { body: answer ?? null, bytes: 10, retryAfter: step.retryAfter ?? null },
  };
}

export interface Setting {
  readonly steps?: readonly Step[];
  readonly exit?: Partial<Exit>;
  readonly jobs?: readonly {
    readonly phase?: Generation["phase"];
    readonly endedMs?: number | null;
    readonly by?: string;
  }[];
  readonly deliveries?: readonly Delivery[];
  readonly more?: Partial<Recorded>;
}

/** Returns the observation of a client that made one job, which succeeded after 300 ms, unless the setting differs. */
export function observe({ steps = [], exit = {}, jobs = [{}], deliveries = [], more = {} }: Setting): Observation {
  const generations = jobs.map(({ phase = "succeeded", endedMs = 300, by = "configured" }, index) => ({
    id: `job-${index + 1}`,
    vendor: "sync",
    phase,
    endedAt: endedMs === null ? null : new Date(START + endedMs).toISOString(),
    scenario: { name: "succeed", code: null, source: by },
    outputs: [{ state: phase === "succeeded" ? "succeeded" : "failed" }],
  })) as unknown as Generation[];
  return new Observation(
    {
      exit: { code: 0, signal: undefined, startedAt: START, endedAt: START + 1000, ...exit },
      requests: steps.map(requestOf),
      generations,
      deliveries,
      rules: [
        {
          id: "rule-1",
          origin: "document",
          when: {},
          priority: FIRST_FAULT_PRIORITY,
          hits: 1,
          matches: 1,
        } as unknown as Recorded["rules"][number],
      ],
      steps: [],
      rate: 1,
      deadlineMs: 2000,
      keyHeaders: ["x-api-key"],
      ...more,
    },
    groups,
  );
}
