/** Lists the scenarios that exist without any file. */
import type { Scenario } from "./plan.ts";
import { webhookScenarios } from "./webhook-scenarios.ts";

export const builtInScenarios: readonly Scenario[] = [
  { name: "succeed", summary: "Succeeds with every output", ends: "succeeded", outputs: "succeeded" },
  {
    name: "fail",
    summary: "Fails while processing; fail=CODE chooses the vendor's code",
    ends: "failed",
    outputs: "failed",
  },
  {
    name: "reject",
    summary: "Is refused before processing begins (moderation, plan)",
    ends: "rejected",
    outputs: "failed",
  },
  { name: "censor", summary: "Is generated, then withheld by the content filter", ends: "failed", outputs: "censored" },
  { name: "partial", summary: "Some outputs succeed, the rest fail", ends: "succeeded", outputs: "partial" },
  {
    name: "error",
    summary: "The create is refused with the vendor's HTTP error; error=CODE chooses it",
    ends: "never",
    outputs: "succeeded",
    refuses: "create",
  },
  {
    name: "read-error",
    summary: "Is created, and status reads get the vendor's HTTP error; read-error=CODE chooses it",
    ends: "succeeded",
    outputs: "succeeded",
    refuses: "read",
  },
  { name: "stuck", summary: "Starts and never ends", ends: "never", outputs: "succeeded" },
  ...webhookScenarios,
];
