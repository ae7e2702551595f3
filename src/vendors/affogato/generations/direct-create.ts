/** Plans a generation that a test creates through the control API, without a client's request. */
import type { DirectCreate, PlannedJob } from "../../../http/request/creating.ts";
import { issuesOfBody } from "../../../http/parsing/validation.ts";
import { chargeCredits } from "../account.ts";
import { models } from "../catalogue.ts";
import { generateBody } from "./element.ts";
import { errors } from "../errors.ts";
import { planSubmission } from "./submission.ts";

/**
 * Plans a generation from the array of POST /pub/v1/generations, or from one element, to which it adds a missing model
 * and prompt.
 */
export function planDirectCreate(create: DirectCreate): PlannedJob {
  const [model] = create.fixtures.listOf(models);
  const usual = { model: model?.name, prompt: { positive: "Ordered by a test" } };
  const asked = Array.isArray(create.request) ? create.request : [{ ...usual, ...objectOf(create.request) }];
  const parsed = generateBody.safeParse(asked);
  if (!parsed.success) throw errors.invalid(issuesOfBody(parsed.error, asked));
  const { price, draft } = planSubmission(create, parsed.data);
  return {
    draft: () => {
      const job = draft();
      // The test decides how the generation ends, so limits that the vendor checks only at run time do not apply.
      return { ...job, outputs: job.outputs.map(({ flaw: _flaw, ...output }) => output) };
    },
    charge: () => {
      chargeCredits(create.account, price);
    },
  };
}

function objectOf(request: unknown): object {
  return typeof request === "object" && request !== null ? request : {};
}
