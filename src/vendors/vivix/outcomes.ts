/** Lists every response of vivix, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../http/errors/outcome.ts";

const image = { model: "grok-imagine-image-quality", prompt: "a lighthouse" } as const;
const submit: Provocation = { account: "main", method: "POST", path: "/api/v1/generate", body: image };
const read: Provocation = { account: "main", method: "GET", path: "/api/v1/generations/{id}", create: { body: image } };
const marked = (marker: string): Provocation => ({
  ...read,
  create: { body: { ...image, prompt: `${marker} a lighthouse` } },
  advance: "10s",
});

/** Codes whose responses have more fields than the text; a scenario's error has these fields too. */
const PROVOKED = { INSUFFICIENT_CREDITS: 402, MODEL_NOT_ALLOWED: 403, INVALID_PARAMS: 400, RATE_LIMITED: 429 } as const;

export const outcomes: readonly Outcome[] = [
  { operation: "createGeneration", status: 201, phase: "queued", source: "doc", provoke: submit },
  {
    operation: "createGeneration",
    status: 400,
    code: "INVALID_PARAMS",
    source: "inferred",
    provoke: { ...submit, body: { model: image.model } },
  },
  { operation: "createGeneration", status: 401, code: "UNAUTHORIZED", source: "doc", provoke: withoutAccount(submit) },
  {
    operation: "createGeneration",
    status: 401,
    code: "KEY_INVALID",
    source: "seed",
    provoke: { ...withoutAccount(submit), key: "vvx_live_unknown" },
  },
  {
    operation: "createGeneration",
    status: 401,
    code: "KEY_REVOKED",
    source: "doc",
    provoke: { ...submit, account: "revoked" },
  },
  {
    operation: "createGeneration",
    status: 402,
    code: "INSUFFICIENT_CREDITS",
    source: "doc",
    provoke: { ...submit, account: "broke" },
  },
  {
    operation: "createGeneration",
    status: 403,
    code: "TIER_LOCKED",
    source: "doc",
    provoke: { ...submit, account: "free" },
  },
  {
    operation: "createGeneration",
    status: 403,
    code: "MODEL_NOT_ALLOWED",
    source: "doc",
    provoke: { ...submit, body: { ...image, model: "unknown-model" } },
  },
  {
    operation: "createGeneration",
    status: 413,
    code: "INVALID_PARAMS",
    source: "inferred",
    provoke: { ...submit, body: { ...image, prompt: "x".repeat(1024 * 1024 + 1) } },
  },
  {
    operation: "createGeneration",
    status: 429,
    code: "CONCURRENCY_LIMIT",
    source: "doc",
    provoke: { ...submit, account: "limited", times: 6 },
  },
  {
    operation: "createGeneration",
    status: 500,
    code: "INTERNAL_ERROR",
    source: "doc",
    provoke: { ...submit, body: { ...image, prompt: "fauxgen:error=INTERNAL_ERROR" } },
  },
  {
    operation: "createGeneration",
    status: 503,
    code: "PROVIDER_DOWN",
    source: "doc",
    provoke: { ...submit, body: { ...image, prompt: "fauxgen:error=PROVIDER_DOWN" } },
  },
  ...(["INSUFFICIENT_CREDITS", "MODEL_NOT_ALLOWED", "INVALID_PARAMS", "RATE_LIMITED"] as const).map(
    (code): Outcome => ({
      operation: "createGeneration",
      status: PROVOKED[code],
      code,
      source: code === "INVALID_PARAMS" || code === "RATE_LIMITED" ? "inferred" : "doc",
      provoke: { ...submit, headers: { "x-fauxgen-scenario": `error=${code}` } },
    }),
  ),
  { operation: "getGeneration", status: 200, phase: "queued", source: "seed", provoke: read },
  { operation: "getGeneration", status: 200, phase: "processing", source: "seed", provoke: { ...read, advance: "1s" } },
  { operation: "getGeneration", status: 200, phase: "succeeded", source: "seed", provoke: { ...read, advance: "10s" } },
  {
    operation: "getGeneration",
    status: 200,
    code: "PROVIDER_ERROR",
    phase: "failed",
    source: "seed",
    provoke: marked("fauxgen:fail"),
  },
  {
    operation: "getGeneration",
    status: 401,
    code: "KEY_INVALID",
    source: "seed",
    provoke: { ...withoutAccount(read), key: "vvx_live_unknown" },
  },
  {
    operation: "getGeneration",
    status: 403,
    code: "NOT_YOURS",
    source: "seed",
    provoke: { ...read, account: "other" },
  },
  {
    operation: "getGeneration",
    status: 404,
    code: "NOT_FOUND",
    source: "seed",
    provoke: { account: "main", method: "GET", path: "/api/v1/generations/00000000-0000-4000-8000-000000000000" },
  },
  { operation: "getGeneration", status: 404, code: "NOT_FOUND", source: "seed", provoke: { ...read, advance: "31d" } },
  {
    operation: "getGeneration",
    status: 500,
    code: "INTERNAL_ERROR",
    source: "doc",
    provoke: marked("fauxgen:read-error=INTERNAL_ERROR"),
  },
  {
    operation: "downloadOutput",
    status: 200,
    source: "seed",
    provoke: { ...read, advance: "10s", link: "output_url" },
  },
  {
    operation: "listModels",
    status: 200,
    source: "doc",
    provoke: { account: "main", method: "GET", path: "/api/v1/models" },
  },
  ...refusals("listModels", { account: "main", method: "GET", path: "/api/v1/models" }),
  {
    operation: "getCredits",
    status: 200,
    source: "doc",
    provoke: { account: "main", method: "GET", path: "/api/v1/credits" },
  },
  ...refusals("getCredits", { account: "main", method: "GET", path: "/api/v1/credits" }),
];

/** Lists the refusals of a route that needs a key [doc: /docs/api/errors]. */
function refusals(operation: Outcome["operation"], provoke: Provocation): Outcome[] {
  const { method, path } = provoke;
  return [
    { operation, status: 401, code: "UNAUTHORIZED", source: "doc", provoke: { method, path } },
    { operation, status: 401, code: "KEY_INVALID", source: "doc", provoke: { method, path, key: "vvx_live_unknown" } },
    { operation, status: 401, code: "KEY_REVOKED", source: "doc", provoke: { ...provoke, account: "revoked" } },
    { operation, status: 403, code: "TIER_LOCKED", source: "doc", provoke: { ...provoke, account: "free" } },
    {
      operation,
      status: 429,
      code: "RATE_LIMITED",
      source: "inferred",
      provoke: { ...provoke, account: "limited", times: 241 },
    },
  ];
}

function withoutAccount({ account: _account, ...provocation }: Provocation): Provocation {
  return provocation;
}
