import type { JobOrder, OrderedJob } from "../../http/creating.ts";
import { models } from "./catalogue.ts";
import { invalidParam } from "./errors.ts";
import { generateBody } from "./schemas.ts";
import { planSubmission } from "./submission.ts";

/** A generation that a test orders through control: the body of POST /api/v1/generate, with a model and prompt given. */
export function orderGeneration(order: JobOrder): OrderedJob {
  const [model] = order.fixtures.listOf(models);
  const asked = typeof order.request === "object" ? order.request : {};
  const parsed = generateBody.safeParse({ model: model?.slug, prompt: "Ordered by a test", ...asked });
  if (parsed.success) return planSubmission(order, parsed.data);
  const [issue] = parsed.error.issues;
  throw invalidParam(
    issue?.path[0]?.toString(),
    `${issue?.path.join(".") ?? "body"}: ${issue?.message ?? "not valid"}`,
  );
}
