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
    summary: "Ends as rejected before processing begins, as after moderation or a plan check",
    ends: "rejected",
    outputs: "failed",
  },
  {
    name: "censor",
    summary: "Ends with outputs that the content filter withholds",
    ends: "failed",
    outputs: "censored",
  },
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
    summary: "The create succeeds, and status reads get the vendor's HTTP error; read-error=CODE chooses it",
    ends: "succeeded",
    outputs: "succeeded",
    refuses: "read",
  },
  { name: "stuck", summary: "Starts and never ends", ends: "never", outputs: "succeeded" },
  ...webhookScenarios,
];
