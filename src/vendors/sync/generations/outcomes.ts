/** Lists every response of the routes of an existing generation, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import {
  ended,
  lipsync,
  marked,
  missing,
  UNKNOWN_ID,
  rejectedKeys,
  statesOf,
  withoutAccount,
} from "../provocations.ts";

const from = (method: string, path: string): Provocation => ({
  account: "main",
  method,
  path,
  create: { body: lipsync },
});
const read = from("GET", "/v2/generate/{id}");
const readById = from("GET", "/v2/generations/{id}");
const remove = from("DELETE", "/v2/generations/{id}");
const download = from("GET", "/v2/generations/{id}/download");
const ending = (provocation: Provocation, marker: string): Provocation => ({
  ...provocation,
  create: { body: marked(marker) },
  advance: "10s",
});
const done = (provocation: Provocation): Provocation => ({ ...provocation, advance: "10s" });

const waiting = (query: string): Provocation => done({ ...read, path: `/v2/generate/{id}?${query}` });

const reading: readonly Outcome[] = [
  ...statesOf("getGeneration", read, "seed"),
  {
    operation: "getGeneration",
    status: 200,
    phase: "failed",
    code: "generation_input_video_inaccessible",
    source: "seed",
    provoke: ending(read, "fail=generation_input_video_inaccessible"),
  },
  ...statesOf("getGeneration", { ...read, path: "/v2/generate/{id}?include=progress" }, "seed"),
  {
    operation: "getGeneration",
    status: 200,
    phase: "succeeded",
    source: "seed",
    provoke: { ...read, path: "/v2/generate/{id}?wait=true", meanwhile: "2s" },
  },
  {
    operation: "getGeneration",
    status: 200,
    phase: "processing",
    source: "seed",
    provoke: {
      ...read,
      path: "/v2/generate/{id}?wait=true&timeout=55",
      create: { body: marked("stuck") },
      meanwhile: "55s",
    },
  },
  ...ended.map(({ phase, marker }): Outcome => ({
    operation: "getGeneration",
    status: 200,
    phase,
    vintage: "2026-11",
    source: "doc",
    provoke: { ...ending(read, marker), path: "/v2/generate/{id}?wait=true" },
  })),
  {
    operation: "getGeneration",
    status: 200,
    phase: "processing",
    vintage: "2026-11",
    source: "doc",
    provoke: { ...read, path: "/v2/generate/{id}?wait=true", create: { body: marked("stuck") }, meanwhile: "5s" },
  },
  {
    operation: "getGeneration",
    status: 200,
    phase: "queued",
    vintage: "2026-11",
    source: "doc",
    provoke: {
      ...read,
      path: "/v2/generate/{id}?wait=true&timeout=1",
      settings: { timing: { queued: "1m" } },
      meanwhile: "1s",
    },
  },
  { operation: "getGeneration", status: 400, source: "seed", provoke: waiting("wait=true&include=progress") },
  { operation: "getGeneration", status: 400, source: "inferred", provoke: waiting("wait=perhaps") },
  { operation: "getGeneration", status: 400, source: "inferred", provoke: waiting("wait=true&timeout=0") },
  {
    operation: "getGeneration",
    status: 400,
    vintage: "2026-11",
    source: "doc",
    provoke: waiting("wait=true&timeout=55"),
  },
  ...rejectedKeys("getGeneration", read),
  ...missing("getGeneration", read),
  {
    operation: "getGeneration",
    status: 429,
    source: "doc",
    provoke: { ...read, account: "limited", create: { body: lipsync, account: "limited" }, times: 601 },
  },
  {
    operation: "getGeneration",
    status: 500,
    code: "internal_error",
    source: "seed",
    provoke: ending(read, "read-error=internal_error"),
  },
];

const collection: readonly Outcome[] = [
  { operation: "listGenerations", status: 200, source: "sdk", provoke: from("GET", "/v2/generations") },
  {
    operation: "listGenerations",
    status: 400,
    source: "doc",
    provoke: from("GET", "/v2/generations?status=FINISHED"),
  },
  ...rejectedKeys("listGenerations", from("GET", "/v2/generations")),
  {
    operation: "countGenerations",
    status: 200,
    code: '"count":1',
    sign: "",
    source: "doc",
    provoke: from("GET", "/v2/generations/count"),
  },
  {
    operation: "countGenerations",
    status: 200,
    code: '"count":0',
    source: "doc",
    provoke: from("GET", "/v2/generations/count?status=COMPLETED,FAILED&generationSource=mcp&currentUserOnly=true"),
  },
  {
    operation: "countGenerations",
    status: 200,
    code: '"count":0',
    source: "inferred",
    provoke: from("GET", "/v2/generations/count?type=playground"),
  },
  {
    operation: "countGenerations",
    status: 400,
    source: "doc",
    provoke: from("GET", "/v2/generations/count?generationSource=fax"),
  },
  ...rejectedKeys("countGenerations", from("GET", "/v2/generations/count")),
  ...statesOf("getGenerationById", readById, "client"),
  ...rejectedKeys("getGenerationById", readById),
  ...missing("getGenerationById", readById),
  ...statesOf("deleteGeneration", remove, "doc", ended),
  {
    operation: "deleteGeneration",
    status: 409,
    code: "generation_not_deletable_while_processing",
    source: "doc",
    provoke: remove,
  },
  ...rejectedKeys("deleteGeneration", remove),
  ...missing("deleteGeneration", remove),
];

const files: readonly Outcome[] = [
  { operation: "downloadOutput", status: 200, source: "doc", provoke: done(download) },
  { operation: "downloadOutput", status: 400, source: "inferred", provoke: download },
  ...rejectedKeys("downloadOutput", download),
  ...missing("downloadOutput", download),
  {
    operation: "getGenerationResult",
    status: 302,
    source: "client",
    provoke: { ...done(read), link: "outputUrl" },
  },
  {
    operation: "getGenerationResult",
    status: 400,
    source: "client",
    provoke: from("GET", `/v2/generations/{id}/result?token=${UNKNOWN_ID}`),
  },
  {
    operation: "getGenerationResult",
    status: 404,
    code: "generation_not_found",
    source: "client",
    provoke: withoutAccount(done(from("GET", `/v2/generations/{id}/result?token=${UNKNOWN_ID}&sandbox={sandbox}`))),
  },
];

export const generationOutcomes: readonly Outcome[] = [...reading, ...collection, ...files];
