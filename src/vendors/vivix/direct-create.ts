/** The generation that a test creates through control, without a request of a client's. */
import type { DirectCreate, PlannedJob } from "../../http/request/creating.ts";
import { issuesOfBody } from "../../http/parsing/validation.ts";
import { models } from "./catalogue.ts";
import { errors } from "./errors.ts";
import { generateBody } from "./schemas.ts";
import { planSubmission } from "./submission.ts";

/** Plans it from the body of POST /api/v1/generate, with a model and a prompt given. */
export function planDirectCreate(create: DirectCreate): PlannedJob {
  const [model] = create.fixtures.listOf(models);
  const asked = typeof create.request === "object" ? create.request : {};
  const body = { model: model?.slug, prompt: "Ordered by a test", ...asked };
  const parsed = generateBody.safeParse(body);
  if (!parsed.success) throw errors.invalid(issuesOfBody(parsed.error, body));
  return planSubmission(create, parsed.data);
}
