/** Lists every response of the organisation routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { rejectedKeys } from "../provocations.ts";

const secret: Provocation = { account: "main", method: "GET", path: "/v2/organizations/webhook/secret" };

export const organizationOutcomes: readonly Outcome[] = [
  { operation: "getWebhookSecret", status: 200, code: "whsec_", source: "inferred", provoke: secret },
  ...rejectedKeys("getWebhookSecret", secret),
  {
    operation: "checkHealth",
    status: 200,
    source: "client",
    provoke: { method: "GET", path: "/v2/healthcheck" },
  },
];
