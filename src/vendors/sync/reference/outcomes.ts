/** Lists every response of GET /v2/errors and GET /v2/models, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { rejectedKeys } from "../provocations.ts";

const listModels: Provocation = { account: "main", method: "GET", path: "/v2/models" };
export const referenceOutcomes: readonly Outcome[] = [
  {
    operation: "listErrors",
    status: 200,
    code: "generation_input_video_inaccessible",
    sign: "",
    source: "seed",
    provoke: { method: "GET", path: "/v2/errors" },
  },
  { operation: "listModels", status: 200, source: "sdk", provoke: listModels },
  ...rejectedKeys("listModels", listModels),
  {
    operation: "getApiDocument",
    status: 200,
    code: "GenerateController_createGeneration",
    sign: "",
    source: "client",
    provoke: { method: "GET", path: "/api-json" },
  },
];
