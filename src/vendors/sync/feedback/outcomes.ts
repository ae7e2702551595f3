/** Lists every response of POST /v2/feedback, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { rejectedKeys, UNKNOWN_ID } from "../provocations.ts";

const report = { kind: "confusing_error", message: "The error did not say which field was wrong." } as const;
const submit: Provocation = {
  account: "main",
  method: "POST",
  path: "/v2/feedback",
  body: {
    ...report,
    tool: "lipsync_create",
    errorCode: "generation_input_validation_failed",
    generationId: UNKNOWN_ID,
    severity: "major",
  },
};
const withBody = (body: unknown): Provocation => ({ ...submit, body });

export const feedbackOutcomes: readonly Outcome[] = [
  { operation: "submitFeedback", status: 201, source: "inferred", provoke: submit },
  { operation: "submitFeedback", status: 201, source: "inferred", provoke: withBody(report) },
  { operation: "submitFeedback", status: 400, source: "doc", provoke: withBody({ message: "It broke." }) },
  {
    operation: "submitFeedback",
    status: 400,
    code: "property screenshot should not exist",
    source: "doc",
    provoke: withBody({ ...report, screenshot: "data:" }),
  },
  {
    operation: "submitFeedback",
    status: 429,
    code: "Rate limit exceeded",
    source: "doc",
    provoke: { ...submit, account: "limited", times: 31 },
  },
  ...rejectedKeys("submitFeedback", submit),
];
