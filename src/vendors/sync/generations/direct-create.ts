/** The generation that a test creates through control, without a request of a client's. */
import type { DirectCreate, PlannedJob } from "../../../http/request/creating.ts";
import { issuesOfBody } from "../../../http/parsing/validation.ts";
import { models } from "../catalogue.ts";
import { errors } from "../errors.ts";
import { generateBody } from "./schemas.ts";
import { planSubmission } from "./submission.ts";

/** What a test that names no input gets: one video and one audio, as the documentation's first example has. */
const USUAL_INPUT = [
  { type: "video", url: "https://media.test/video.mp4" },
  { type: "audio", url: "https://media.test/audio.wav" },
] as const;

/** Plans it from the body of POST /v2/generate, with a model and an input given. */
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
