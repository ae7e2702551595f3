/** Plans a generation that a test creates through the control API, without a client's request. */
import type { DirectCreate, PlannedJob } from "../../http/request/creating.ts";
import { issuesOfBody } from "../../http/parsing/validation.ts";
import { models } from "./catalogue.ts";
import { errors } from "./errors.ts";
import { generateBody } from "./schemas.ts";
import { planSubmission } from "./submission.ts";

/** Plans a generation from the body of POST /api/v1/generate, to which it adds a missing model and prompt. */
export function planDirectCreate(create: DirectCreate): PlannedJob {
  const [model] = create.fixtures.listOf(models);
  const asked = typeof create.request === "object" ? create.request : {};
  const body = { model: model?.slug, prompt: "Ordered by a test", ...asked };
  const parsed = generateBody.safeParse(body);
  if (!parsed.success) throw errors.invalid(issuesOfBody(parsed.error, body));
  return planSubmission(create, parsed.data);
}
