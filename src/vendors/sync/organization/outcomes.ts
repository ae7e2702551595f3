/** Lists every response of the account and organisation routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { rejectedKeys } from "../provocations.ts";

const secret: Provocation = { account: "main", method: "GET", path: "/v2/organizations/webhook/secret" };

const readAccount: Provocation = { account: "main", method: "GET", path: "/v2/account" };

export const organizationOutcomes: readonly Outcome[] = [
  ...(
    [
      ["main", "enterprise"],
      ["free", "free"],
      ["limited", "usage"],
    ] as const
  ).map(([account, billingModel]): Outcome => ({
    operation: "getAccount",
    status: 200,
    code: `"billingModel":"${billingModel}"`,
    source: "inferred",
    provoke: { ...readAccount, account },
  })),
  ...rejectedKeys("getAccount", readAccount),
  { operation: "getWebhookSecret", status: 200, code: "whsec_", sign: "", source: "inferred", provoke: secret },
  ...rejectedKeys("getWebhookSecret", secret),
  {
    operation: "checkHealth",
    status: 200,
    source: "client",
    provoke: { method: "GET", path: "/v2/healthcheck" },
  },
];
