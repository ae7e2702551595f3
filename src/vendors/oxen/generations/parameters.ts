/**
 * Checks a request's parameters as the model does. The queue accepts wrong parameters, and the job fails with the
 * model's message; the synchronous routes answer the message at once [doc: async_queue].
 */
import { wordUnknownNames } from "../../../wording/unknown-fields.ts";
import { mediumOf, type CatalogueModel } from "../catalogue.ts";
import { MODEL_MESSAGES } from "../model-messages.ts";
import { wordIssue } from "./parameter-wording.ts";
import { isGiven, isParameters, readParameters, type Parameters } from "./sent-parameters.ts";

/** The parameters with the model's defaults, and the model's message about the first wrong parameter. */
export interface CheckedParameters {
  readonly values: Parameters;
  readonly problem: string | undefined;
}

/** Total length of all shots, and the length of a shot that names none, in seconds [doc: Kling walkthrough]. */
const SHOTS = { least: 3, most: 15, usual: 5 } as const;

/** Models with the limits of the Seedance 2.0 walkthrough: [doc] for one of them, [inferred] for the other two. */
const SEEDANCE_2 = /^bytedance-seedance-2-0-.*reference-to-video$/;
const SEEDANCE_MOST_FILES = 12;

export function checkParameters(model: CatalogueModel, given: Parameters): CheckedParameters {
  const sent = readParameters(model, given);
  const parsed = model.parameters?.safeParse(sent);
  const [issue] = parsed?.error?.issues ?? [];
  const problem =
    promptProblem(model, sent) ??
    missingProblem(model, sent) ??
    (issue && wordIssue(model, sent, issue)) ??
    shotsProblem(model, sent) ??
    seedanceProblem(model, sent);
  const values = parsed?.success === true && isParameters(parsed.data) ? parsed.data : sent;
  return { values, problem };
}

/** Says which parameters neither the route nor the model's schema lists; undefined if the model has no known schema. */
export function unknownParameters(
  { listed }: CatalogueModel,
  given: Parameters,
  ofRoute: readonly string[],
): string | undefined {
  const properties = listed.request_schema?.properties;
  if (properties === undefined) return undefined;
  return wordUnknownNames(Object.keys(given), [...ofRoute, ...Object.keys(properties)], "body");
}

/** Returns the total seconds of the shots of a `multi_prompt`; undefined without a `multi_prompt`. */
export function shotSeconds({ multi_prompt: shots }: Parameters): number | undefined {
  if (!Array.isArray(shots)) return undefined;
  return shots
    .map((shot: unknown) => (isParameters(shot) ? Number(shot.duration ?? SHOTS.usual) : Number.NaN))
    .reduce(add, 0);
}

/** A prompt is required only where the model's page says so. */
function promptProblem(model: CatalogueModel, { prompt, multi_prompt: shots }: Parameters): string | undefined {
  const schema = model.listed.request_schema;
  if (schema?.properties?.multi_prompt !== undefined) {
    if (isGiven(shots) && isGiven(prompt)) return MODEL_MESSAGES.prompt_conflict;
    return isGiven(shots) || isGiven(prompt) ? undefined : MODEL_MESSAGES.prompt_missing;
  }
  const isRequired = schema?.required?.includes("prompt") === true;
  if (typeof prompt === "string") return isRequired && prompt.trim() === "" ? MODEL_MESSAGES.prompt_empty : undefined;
  // Without a schema, nothing else checks the prompt.
  if (isGiven(prompt)) return schema === null ? "Invalid prompt" : undefined;
  // [doc: image_generation]; the walkthroughs of videos have another text.
  return isRequired && mediumOf(model) === "image" ? MODEL_MESSAGES.prompt_empty : undefined;
}

/** Checks the required parameters; a default does not make one optional. */
function missingProblem({ listed }: CatalogueModel, sent: Parameters): string | undefined {
  const required = listed.request_schema?.required ?? [];
  return required.some((name) => sent[name] === undefined) ? MODEL_MESSAGES.field_required : undefined;
}

/** Checks the length of all shots together [doc: Kling walkthrough]. */
function shotsProblem({ listed }: CatalogueModel, sent: Parameters): string | undefined {
  if (listed.request_schema?.properties?.multi_prompt === undefined || !isGiven(sent.multi_prompt)) return undefined;
  const seconds = shotSeconds(sent) ?? 0;
  if (seconds < SHOTS.least) return `duration value '${seconds}' is invalid`;
  return seconds > SHOTS.most
    ? `Total shot duration (${seconds}s) exceeds maximum allowed (${SHOTS.most}s)`
    : undefined;
}

/** Checks the number of files, and that sound comes with pictures [doc: Seedance walkthrough]. */
function seedanceProblem({ listed }: CatalogueModel, sent: Parameters): string | undefined {
  if (!SEEDANCE_2.test(listed.id)) return undefined;
  const pictures = [sent.input_images, sent.input_face_images, sent.input_videos, sent.input_face_videos];
  const files = [...pictures, sent.input_audios].map((each) => (Array.isArray(each) ? each.length : 0)).reduce(add, 0);
  if (files > SEEDANCE_MOST_FILES) return MODEL_MESSAGES.too_many_input_files;
  return isGiven(sent.input_audios) && !pictures.some(isGiven) ? MODEL_MESSAGES.audio_requires_media : undefined;
}

function add(sum: number, next: number): number {
  return sum + next;
}
