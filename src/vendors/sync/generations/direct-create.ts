/** Plans a generation that a test creates through the control API, without a client's request. */
import type { DirectCreate, PlannedJob } from "../../../http/request/creating.ts";
import { issuesOfBody } from "../../../http/parsing/validation.ts";
import { models } from "../catalogue.ts";
import { errors } from "../errors.ts";
import { generateBody } from "./schemas.ts";
import { planSubmission } from "./submission.ts";

/** The default input: one video and one audio, as in the documentation's first example. */
const USUAL_INPUT = [
  { type: "video", url: "https://media.test/video.mp4" },
  { type: "audio", url: "https://media.test/audio.wav" },
] as const;

/** Plans a generation from the body of POST /v2/generate, to which it adds a missing model and input. */
export function planDirectCreate(create: DirectCreate): PlannedJob {
  const { fixtures, request } = create;
  const [model] = fixtures.listOf(models);
  const asked = typeof request === "object" ? request : {};
  const ordered = { model: model?.name, input: USUAL_INPUT, ...asked };
  const parsed = generateBody.safeParse(ordered);
  if (!parsed.success) throw errors.invalid(issuesOfBody(parsed.error, ordered));
  const body = parsed.data;
  return planSubmission(create, body, { ...body, input: body.input });
}
