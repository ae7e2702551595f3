/** All responses that Acme can give, and the requests that provoke them. */
import type { Outcome, Provocation } from "../../http/errors/outcome.ts";
import { BODY_LIMIT } from "./schemas.ts";

const order: Provocation = { account: "main", method: "POST", path: "/acme/v1/pictures", body: { prompt: "a hat" } };
const read: Provocation = { account: "main", method: "GET", path: "/acme/v1/pictures/{id}" };
const ink: Provocation = { account: "main", method: "GET", path: "/acme/v1/ink" };

/** Reads a picture whose prompt chooses its end. */
const reading = (prompt: string, advance?: string): Provocation => ({
  ...read,
  create: { body: { prompt } },
  ...(advance !== undefined && { advance }),
});

/** Orders a picture with a body that is sent unchanged. */
const orderRaw = (rawBody: string, contentType = "application/json"): Provocation => ({
  account: "main",
  method: "POST",
  path: "/acme/v1/pictures",
  rawBody,
  headers: { "content-type": contentType },
});

const anonymous = ({ account: _account, ...provocation }: Provocation): Provocation => provocation;

export const outcomes: readonly Outcome[] = [
  { operation: "createGeneration", status: 201, code: "waiting", phase: "queued", source: "doc", provoke: order },
  {
    operation: "createGeneration",
    status: 400,
    code: "bad_request",
    source: "doc",
    provoke: { ...order, body: {} },
  },
  { operation: "createGeneration", status: 400, code: "bad_json", source: "doc", provoke: orderRaw("{") },
  {
    operation: "createGeneration",
    status: 413,
    code: "too_large",
    source: "doc",
    provoke: orderRaw(JSON.stringify({ prompt: "x".repeat(BODY_LIMIT) })),
  },
  {
    operation: "createGeneration",
    status: 415,
    code: "not_json",
    source: "doc",
    provoke: orderRaw("{}", "text/plain"),
  },
  {
    operation: "createGeneration",
    status: 402,
    code: "no_ink",
    source: "doc",
    provoke: { ...order, account: "broke" },
  },
  { operation: "createGeneration", status: 401, code: "bad_key", source: "doc", provoke: anonymous(order) },
  {
    operation: "getGeneration",
    status: 200,
    code: "waiting",
    phase: "queued",
    source: "doc",
    provoke: reading("a hat"),
  },
  {
    operation: "getGeneration",
    status: 200,
    code: "drawing",
    phase: "processing",
    source: "doc",
    provoke: reading("a hat", "1s"),
  },
  {
    operation: "getGeneration",
    status: 200,
    code: "done",
    phase: "succeeded",
    source: "doc",
    provoke: reading("a hat", "10s"),
  },
  {
    operation: "getGeneration",
    status: 200,
    code: "broken",
    phase: "failed",
    source: "doc",
    provoke: reading("fauxgen:fail a hat", "10s"),
  },
  {
    operation: "getGeneration",
    status: 404,
    code: "no_such_picture",
    source: "doc",
    provoke: { ...reading("a hat"), account: "other" },
  },
  { operation: "getGeneration", status: 401, code: "bad_key", source: "doc", provoke: anonymous(reading("a hat")) },
  { operation: "getInk", status: 200, source: "doc", provoke: ink },
  { operation: "getInk", status: 401, code: "bad_key", source: "doc", provoke: anonymous(ink) },
  {
    operation: "downloadOutput",
    status: 200,
    source: "inferred",
    provoke: { ...reading("a hat", "10s"), link: "image.url" },
  },
];
