/** Lists every response of the history, each with a request that provokes it. */
import type { Outcome } from "../../../http/errors/outcome.ts";
import { cancelling, getting, gettingImage, invalid, NOBODYS, notFound, unauthenticated } from "../provocations.ts";

const list = getting("/api/ai/generations");
const values = getting("/api/ai/generations/_filters");
const details = gettingImage("/api/ai/generations/{id}");

export const historyOutcomes: readonly Outcome[] = [
  { operation: "listPastGenerations", status: 200, source: "doc", provoke: gettingImage("/api/ai/generations") },
  invalid("listPastGenerations", getting("/api/ai/generations?page_size=1001")),
  unauthenticated("listPastGenerations", list),
  {
    operation: "listFilterValues",
    status: 200,
    source: "inferred",
    provoke: gettingImage("/api/ai/generations/_filters"),
  },
  invalid("listFilterValues", getting("/api/ai/generations/_filters?columns=price")),
  unauthenticated("listFilterValues", values),
  { operation: "getGenerationDetails", status: 200, phase: "queued", source: "doc", provoke: details },
  {
    operation: "getGenerationDetails",
    status: 200,
    phase: "processing",
    source: "doc",
    provoke: { ...details, advance: "1s" },
  },
  {
    operation: "getGenerationDetails",
    status: 200,
    phase: "succeeded",
    source: "doc",
    provoke: { ...details, advance: "10s" },
  },
  {
    operation: "getGenerationDetails",
    status: 200,
    code: "The model could not complete this generation.",
    phase: "failed",
    source: "doc",
    provoke: { ...gettingImage("/api/ai/generations/{id}", { prompt: "fauxgen:fail" }), advance: "10s" },
  },
  {
    operation: "getGenerationDetails",
    status: 200,
    phase: "cancelled",
    source: "doc",
    provoke: { ...details, before: [cancelling] },
  },
  notFound("getGenerationDetails", "inferred", getting(`/api/ai/generations/${NOBODYS}`)),
  notFound("getGenerationDetails", "inferred", { ...details, account: "other" }),
  unauthenticated("getGenerationDetails", details),
];
