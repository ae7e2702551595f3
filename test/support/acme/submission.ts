/** Plans the generation of a job from the body of its create. */
import { uuidFrom } from "../../../src/engine/base/ids.ts";
import type { DirectCreate, JobDraft, PlannedJob } from "../../../src/http/request/creating.ts";
import { issuesOfBody } from "../../../src/http/parsing/validation.ts";
import type { Submitter } from "../../../src/http/request/submitter.ts";
import { PICTURE_PRICE, requireCredits, takeCredits } from "./account.ts";
import { badModel, errors } from "./errors.ts";
import { jobBody, type JobBody } from "./schemas.ts";
import type { Attributes } from "./store.ts";

const MODELS = ["pen", "brush"];
const SIZES = { "1:1": { width: 256, height: 256 }, "16:9": { width: 256, height: 144 } } as const;

/** Plans a job. Throws 400 for an unknown model and 402 for too few credits. */
export function planSubmission({ account }: Pick<Submitter, "account">, body: JobBody): PlannedJob {
  if (!MODELS.includes(body.model)) throw badModel(body.model);
  const cost = PICTURE_PRICE * body.count;
  requireCredits(account, cost);
  return {
    draft: () => draftOf(uuidFrom(account.nextDigest("acme", "job")), body, cost),
    charge: () => {
      takeCredits(account, cost);
    },
  };
}

/** Plans a job that a test creates through control, with a default prompt. */
export function planDirectCreate(create: DirectCreate): PlannedJob {
  const body = { prompt: "anything", ...(typeof create.request === "object" ? create.request : {}) };
  const parsed = jobBody.safeParse(body);
  if (!parsed.success) throw errors.invalid(issuesOfBody(parsed.error, body));
  return planSubmission(create, parsed.data);
}

function draftOf(id: string, body: JobBody, cost: number): JobDraft {
  const { model, count, ratio, webhook } = body;
  return {
    id,
    model,
    medium: "image",
    facts: { model },
    request: body,
    attributes: { webhook } satisfies Attributes,
    outputs: Array.from({ length: count }, (_, index) => ({
      id: index === 0 ? id : `${id}-${index}`,
      medium: "image" as const,
      format: "jpg",
      ...SIZES[ratio],
    })),
    outputsHavePublicIds: false,
    cost,
  };
}
