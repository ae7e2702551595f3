/** What the queue makes of a request: from a client, or ordered by a test through control. */
import type { DirectCreate, PlannedJob } from "../../../http/request/creating.ts";
import { issuesOfBody } from "../../../http/parsing/validation.ts";
import type { Submitter } from "../../../http/request/submitter.ts";
import { models } from "../catalogue.ts";
import { errors, unsupportedMediaType } from "../errors.ts";
import { checkParameters } from "../generations/parameters.ts";
import { enqueueBody, type EnqueueBody } from "../schemas.ts";
import { planJobs, requireModel, type PlannedJobs } from "../generations/submission.ts";
import { requireCount } from "../vintage.ts";

/**
 * Checks in the documented order (model, number, credits) and throws the vendor's errors. What the model does not
 * take has the job fail when it runs [doc].
 */
export function planEnqueued(submitter: Submitter, body: EnqueueBody): PlannedJobs {
  const { model: name, num_generations, target_namespace, target_repo, target_directory, ...echo } = body;
  const { model, medium } = requireModel(submitter, name, echo);
  if (medium === undefined) throw unsupportedMediaType();
  const count = requireCount(submitter.sandbox, "num_generations", num_generations);
  const checked = checkParameters(model, echo);
  if (checked.problem !== undefined) submitter.explain?.("JOB_WILL_FAIL", checked.problem);
  const target = { target_namespace, target_repo, target_directory };
  return planJobs(submitter, { model, medium, count, target, echo, checked });
}

/** A generation that a test orders: the body of POST /api/ai/queue, with a model and a prompt given. */
export function planDirectCreate(create: DirectCreate): PlannedJob {
  const [first] = create.fixtures.listOf(models);
  const asked = typeof create.request === "object" ? create.request : {};
  const body = { model: first?.listed.id, prompt: "Ordered by a test", ...asked, num_generations: 1 };
  const parsed = enqueueBody.safeParse(body);
  if (!parsed.success) throw errors.invalid(issuesOfBody(parsed.error, body));
  const { drafts, charge } = planEnqueued(create, parsed.data);
  return {
    draft: () => {
      const [draft] = drafts();
      if (draft === undefined) throw new Error("One generation was asked for.");
      return draft;
    },
    charge,
  };
}
