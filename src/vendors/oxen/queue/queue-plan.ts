/** Plans the generations of a request to the queue. */
import type { Submitter } from "../../../http/request/submitter.ts";
import { unsupportedMediaType } from "../errors.ts";
import { checkParameters, unknownParameters } from "../generations/parameters.ts";
import { enqueueBody, type EnqueueBody } from "./schemas.ts";
import { planJobs, requireModel, type PlannedJobs } from "../generations/submission.ts";
import { requireCount } from "../vintage.ts";

/**
 * Checks a request in the documented order (model, number, credits) and throws the vendor's errors. Wrong parameters of
 * the model make the job fail when it runs [doc].
 */
export function planEnqueued(submitter: Submitter, body: EnqueueBody): PlannedJobs {
  const { model: name, num_generations, target_namespace, target_repo, target_directory, ...echo } = body;
  const { model, medium } = requireModel(submitter, name, { parameters: echo, route: undefined });
  if (medium === undefined) throw unsupportedMediaType();
  const count = requireCount(submitter.sandbox, "num_generations", num_generations);
  const checked = checkParameters(model, echo);
  const unknown = unknownParameters(model, echo, Object.keys(enqueueBody.shape));
  if (unknown !== undefined) submitter.explain?.("PARAMETER_UNKNOWN", unknown);
  if (checked.problem !== undefined) submitter.explain?.("JOB_WILL_FAIL", checked.problem);
  const target = { target_namespace, target_repo, target_directory };
  return planJobs(submitter, { model, medium, count, target, echo, checked });
}
