/** Plans a generation that a test creates through the control API, without a client's request. */
import { issuesOfBody } from "../../../http/parsing/validation.ts";
import type { DirectCreate, PlannedJob } from "../../../http/request/creating.ts";
import { models } from "../catalogue.ts";
import { errors } from "../errors.ts";
import { planEnqueued } from "./queue-plan.ts";
import { enqueueBody } from "./schemas.ts";

/** Plans a generation from the body of POST /api/ai/queue, to which it adds a missing model and prompt. */
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
      if (draft === undefined) throw new Error("The request creates no generation.");
      return draft;
    },
    charge,
  };
}
