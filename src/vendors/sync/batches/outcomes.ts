/** Lists every response of the batch routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { rejectedKeys } from "../provocations.ts";

const audio = { type: "audio", url: "https://media.test/speech.wav" } as const;
const payload = (marker = "face") => ({
  model: "lipsync-2",
  input: [{ type: "video", url: `https://media.test/${marker}.mp4` }, audio],
});
const row = (index: number, marker?: string) => ({
  request_id: `row-${index}`,
  endpoint: "/v2/generate",
  payload: payload(marker),
});
const rows = (count: number, marker?: string) => Array.from({ length: count }, (_, index) => row(index, marker));
const withFirst = (first: Readonly<Record<string, unknown>>) => ({
  rows: [{ ...row(0), ...first }, ...rows(20).slice(1)],
});

const create: Provocation = { account: "main", method: "POST", path: "/v2/batch", body: { rows: rows(20) } };
const creating = (body: unknown): Provocation => ({ ...create, body });
const form: Provocation = {
  ...withoutBody(create),
  headers: { "content-type": "multipart/form-data; boundary=fauxgen" },
  rawBody: [
    "--fauxgen",
    'Content-Disposition: form-data; name="input"; filename="batch.jsonl"',
    "Content-Type: application/octet-stream",
    "",
    ...rows(20).map((each) => JSON.stringify(each)),
    "--fauxgen",
    'Content-Disposition: form-data; name="dry_run"',
    "",
    "true",
    "--fauxgen--",
    "",
  ].join("\r\n"),
};
const list: Provocation = { account: "main", method: "GET", path: "/v2/batch?status=PENDING", before: [create] };
const read: Provocation = { account: "main", method: "GET", path: "/v2/batch/{id}", before: [create] };
const result: Provocation = { account: "main", method: "GET", path: "/v2/batches/{id}/result", before: [create] };
const failing: Provocation = { ...read, before: [creating({ rows: rows(20, "fauxgen:fail") })] };

export const batchOutcomes: readonly Outcome[] = [
  { operation: "createBatch", status: 201, code: "PENDING", phase: "queued", source: "inferred", provoke: create },
  { operation: "createBatch", status: 201, code: "VALIDATED", source: "inferred", provoke: form },
  { operation: "createBatch", status: 400, source: "sdk", provoke: creating({ rows: rows(19) }) },
  {
    operation: "createBatch",
    status: 400,
    code: "not unique",
    source: "doc",
    provoke: creating(withFirst({ request_id: "row-1" })),
  },
  {
    operation: "createBatch",
    status: 400,
    code: "rows.0.endpoint",
    source: "doc",
    provoke: creating(withFirst({ endpoint: "/v2/tts" })),
  },
  {
    operation: "createBatch",
    status: 402,
    code: "plan_feature_unavailable",
    source: "sdk",
    provoke: { ...create, account: "limited" },
  },
  {
    operation: "createBatch",
    status: 413,
    code: "generation_input_validation_failed",
    source: "inferred",
    provoke: creating({ rows: [], padding: "x".repeat(5 * 1024 * 1024) }),
  },
  {
    operation: "createBatch",
    status: 422,
    code: "Row 1 (request_id row-0)",
    sign: "(request_id ",
    source: "inferred",
    provoke: creating(withFirst({ payload: { model: "lipsync-2", input: [audio] } })),
  },
  {
    operation: "createBatch",
    status: 429,
    code: "Batch concurrency limit reached",
    source: "doc",
    provoke: { ...create, settings: { limits: "enforced" }, times: 11 },
  },
  ...rejectedKeys("createBatch", create),
  { operation: "listBatches", status: 200, source: "sdk", provoke: list },
  { operation: "listBatches", status: 400, source: "inferred", provoke: { ...list, path: "/v2/batch?status=DONE" } },
  ...rejectedKeys("listBatches", list),
  { operation: "getBatch", status: 200, code: "PENDING", phase: "queued", source: "sdk", provoke: read },
  { operation: "getBatch", status: 200, code: "JOBS_CREATED", source: "sdk", provoke: { ...read, advance: "300ms" } },
  {
    operation: "getBatch",
    status: 200,
    code: "PROCESSING",
    phase: "processing",
    source: "sdk",
    provoke: { ...read, advance: "1s" },
  },
  {
    operation: "getBatch",
    status: 200,
    code: "COMPLETED",
    phase: "succeeded",
    source: "sdk",
    provoke: { ...read, advance: "10s" },
  },
  {
    operation: "getBatch",
    status: 200,
    code: "FAILED",
    phase: "failed",
    source: "inferred",
    provoke: { ...failing, advance: "10s" },
  },
  { operation: "getBatch", status: 404, source: "sdk", provoke: { ...read, account: "other" } },
  ...rejectedKeys("getBatch", read),
  { operation: "getBatchResult", status: 302, source: "doc", provoke: { ...result, advance: "10s" } },
  {
    operation: "getBatchResult",
    status: 302,
    source: "inferred",
    provoke: { ...read, advance: "10s", link: "outputUrl" },
  },
  { operation: "getBatchResult", status: 400, source: "inferred", provoke: result },
  {
    operation: "getBatchResult",
    status: 404,
    source: "inferred",
    provoke: { ...result, account: "other", advance: "10s" },
  },
];

function withoutBody({ body: _body, ...provocation }: Provocation): Provocation {
  return provocation;
}
