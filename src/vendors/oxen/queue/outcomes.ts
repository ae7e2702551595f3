/** Lists every response of the queue, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import {
  asMain,
  cancelling,
  getting,
  gettingImage,
  image,
  invalid,
  NOBODYS,
  notFound,
  unauthenticated,
} from "../provocations.ts";

const enqueue: Provocation = { ...asMain, method: "POST", path: "/api/ai/queue", body: image };
const enqueueing = (change: Readonly<Record<string, unknown>>): Provocation => ({
  ...enqueue,
  body: { ...image, ...change },
});
const read = gettingImage("/api/ai/queue/{id}");
const marked = (marker: string): Provocation => ({
  ...gettingImage("/api/ai/queue/{id}", { prompt: `${marker} an ox at dawn` }),
  advance: "10s",
});
const cancel: Provocation = { ...read, method: "DELETE" };
const list = getting("/api/ai/queue");

export const queueOutcomes: readonly Outcome[] = [
  { operation: "createGeneration", status: 200, phase: "queued", source: "doc", provoke: enqueue },
  {
    operation: "createGeneration",
    status: 200,
    phase: "queued",
    vintage: "0.243",
    source: "doc",
    provoke: enqueueing({ num_generations: 12 }),
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "num_generations must be an integer between 1 and 4",
    source: "doc",
    provoke: enqueueing({ num_generations: 5 }),
  },
  {
    operation: "createGeneration",
    status: 400,
    code: "num_generations must be an integer between 1 and 12",
    vintage: "0.243",
    source: "inferred",
    provoke: enqueueing({ num_generations: 13 }),
  },
  invalid("createGeneration", { ...enqueue, body: { prompt: image.prompt } }),
  {
    operation: "createGeneration",
    status: 400,
    code: ":unsupported_media_type",
    source: "inferred",
    provoke: enqueueing({ model: "claude-sonnet-4-6" }),
  },
  {
    operation: "createGeneration",
    status: 402,
    code: "insufficient_credits",
    source: "client",
    provoke: { ...enqueue, account: "broke" },
  },
  {
    operation: "createGeneration",
    status: 404,
    code: "Model not found: bad-model-name",
    sign: "Model not found: ",
    source: "inferred",
    provoke: enqueueing({ model: "bad-model-name" }),
  },
  notFound("createGeneration", "inferred", enqueueing({ target_namespace: "other" })),
  {
    operation: "createGeneration",
    status: 413,
    code: "request_too_large",
    source: "inferred",
    provoke: enqueueing({ input_image: [`data:image/png;base64,${"A".repeat(32 * 1024 * 1024)}`] }),
  },
  ...refusals("createGeneration", enqueue, (marker) => enqueueing({ prompt: marker })),
  { operation: "listGenerations", status: 200, source: "seed", provoke: { ...list, create: { body: image } } },
  invalid("listGenerations", { ...list, path: "/api/ai/queue?status=done" }),
  unauthenticated("listGenerations", list),
  { operation: "getGeneration", status: 200, phase: "queued", source: "doc", provoke: read },
  { operation: "getGeneration", status: 200, phase: "processing", source: "doc", provoke: { ...read, advance: "1s" } },
  { operation: "getGeneration", status: 200, phase: "succeeded", source: "doc", provoke: { ...read, advance: "10s" } },
  ...failed("The model could not complete this generation.", "inferred", marked("fauxgen:fail")),
  ...failed("Insufficient credits", "doc", marked("fauxgen:fail=insufficient_credits")),
  ...failed("DataInspectionFailed", "client", marked("fauxgen:fail=data_inspection_failed")),
  ...failed("Green net check failed for text (input)", "client", marked("fauxgen:fail=prompt_inspection_failed")),
  ...failed("403 Client Error: Forbidden for url", "doc", marked("fauxgen:fail=input_forbidden")),
  ...failed("Invalid resolution", "inferred", {
    ...read,
    create: { body: { ...image, resolution: "8k" } },
    advance: "10s",
  }),
  {
    operation: "getGeneration",
    status: 200,
    phase: "cancelled",
    source: "doc",
    provoke: { ...read, before: [cancelling] },
  },
  notFound("getGeneration", "seed", { ...asMain, method: "GET", path: `/api/ai/queue/${NOBODYS}` }),
  notFound("getGeneration", "inferred", { ...read, account: "other" }),
  ...refusals("getGeneration", read, (marker) => marked(marker.replace("error", "read-error"))),
  { operation: "cancelGeneration", status: 200, phase: "cancelled", source: "doc", provoke: cancel },
  {
    operation: "cancelGeneration",
    status: 200,
    phase: "succeeded",
    source: "inferred",
    provoke: { ...cancel, advance: "10s" },
  },
  notFound("cancelGeneration", "doc", { ...asMain, method: "DELETE", path: `/api/ai/queue/${NOBODYS}` }),
  unauthenticated("cancelGeneration", cancel),
];

function failed(message: string, source: Outcome["source"], provoke: Provocation): Outcome[] {
  return [{ operation: "getGeneration", status: 200, code: message, phase: "failed", source, provoke }];
}

/** Lists the refusals of a route that needs a key. */
function refusals(
  operation: Outcome["operation"],
  provoke: Provocation,
  withMarker: (marker: string) => Provocation,
): Outcome[] {
  return [
    unauthenticated(operation, provoke),
    {
      operation,
      status: 401,
      code: "unauthenticated",
      source: "inferred",
      provoke: { ...provoke, account: "revoked" },
    },
    {
      operation,
      status: 429,
      code: "rate_limit_exceeded",
      source: "inferred",
      provoke: withMarker("fauxgen:error=rate_limit_exceeded"),
    },
    {
      operation,
      status: 500,
      code: "unknown_error",
      source: "inferred",
      provoke: withMarker("fauxgen:error=unknown_error"),
    },
  ];
}
