/**
 * Checks a request's parameters as the model does. The queue accepts wrong parameters, and the job fails with the
 * model's message; the synchronous routes answer the message at once [doc: async_queue].
 */
import type { z } from "zod";
import { wordUnknownNames } from "../../../wording/unknown-fields.ts";
import { valueAt } from "../../../wording/value-at.ts";
import type { CatalogueModel } from "../catalogue.ts";
import { MODEL_MESSAGES } from "../model-messages.ts";

export type Parameters = Readonly<Record<string, unknown>>;

/** The parameters with the model's defaults, and the model's message about the first wrong parameter. */
export interface CheckedParameters {
  readonly values: Parameters;
  readonly problem: string | undefined;
}

/** Maximum total length of all shots, in seconds [doc: model walkthroughs]. */
const LONGEST_SHOTS_SECONDS = 15;

export function checkParameters(model: CatalogueModel, given: Parameters): CheckedParameters {
  const sent = fitImages(model, given);
  const parsed = model.parameters?.safeParse(sent);
  const problem =
    promptProblem(model, sent) ??
    (parsed?.success === false ? wordIssue(model, sent, parsed.error.issues[0]) : undefined) ??
    shotsProblem(sent) ??
    soundProblem(model, sent);
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
  return shots.map((shot: unknown) => (isParameters(shot) ? Number(shot.duration) : Number.NaN)).reduce(add, 0);
}

/**
 * Converts the input image to one URL or to a list of URLs, as the model's own schema requires [doc: image_editing].
 */
function fitImages({ listed }: CatalogueModel, sent: Parameters): Parameters {
  const { input_image: images } = sent;
  const takesList = listed.request_schema?.properties?.input_image?.type === "array";
  if (takesList && typeof images === "string") return { ...sent, input_image: [images] };
  if (!takesList && Array.isArray(images) && images.length === 1) return { ...sent, input_image: images[0] as unknown };
  return sent;
}

function promptProblem({ listed }: CatalogueModel, { prompt, multi_prompt: shots }: Parameters): string | undefined {
  const schema = listed.request_schema;
  if (schema?.properties?.multi_prompt !== undefined) {
    if (isGiven(shots) && isGiven(prompt)) return MODEL_MESSAGES.prompt_conflict;
    return isGiven(shots) || isGiven(prompt) ? undefined : MODEL_MESSAGES.prompt_missing;
  }
  const isBlank = !isGiven(prompt) || (typeof prompt === "string" && prompt.trim() === "");
  return isBlank && schema?.required?.includes("prompt") === true ? MODEL_MESSAGES.prompt_empty : undefined;
}

function shotsProblem(sent: Parameters): string | undefined {
  const seconds = shotSeconds(sent);
  if (seconds === undefined || !(seconds > LONGEST_SHOTS_SECONDS)) return undefined;
  return `Total shot duration (${seconds}s) exceeds maximum allowed (${LONGEST_SHOTS_SECONDS}s)`;
}

/** Checks that sound comes with pictures [doc: Seedance walkthrough]. */
function soundProblem({ listed }: CatalogueModel, sent: Parameters): string | undefined {
  const takesSound = listed.request_schema?.properties?.input_audios !== undefined;
  if (!takesSound || !isGiven(sent.input_audios)) return undefined;
  const pictures = [sent.input_images, sent.input_face_images, sent.input_videos];
  return pictures.some(isGiven) ? undefined : MODEL_MESSAGES.audio_requires_media;
}

/** Returns the documented text for an issue, or a text in the same style [inferred]. */
function wordIssue(
  { listed, refusals }: CatalogueModel,
  sent: Parameters,
  issue: z.core.$ZodIssue | undefined,
): string | undefined {
  if (issue === undefined) return undefined;
  const field = issue.path.filter((step) => typeof step === "string").at(-1) ?? "request";
  const value = valueAt(sent, issue.path);
  if (value === undefined) return MODEL_MESSAGES.field_required;
  const refusal = refusals[field];
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  if (refusal !== undefined) return refusal.replaceAll("{value}", () => shown);
  if (issue.code === "too_big" && issue.origin === "array") return MODEL_MESSAGES.too_many_input_files;
  if (issue.code === "too_big" || issue.code === "too_small") {
    const { minimum, maximum } = listed.request_schema?.properties?.[field] ?? {};
    if (typeof minimum === "number" && typeof maximum === "number")
      return `${field} must be between ${minimum} and ${maximum}`;
  }
  return `Invalid ${field}`;
}

export function isParameters(value: unknown): value is Parameters {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns whether a parameter has a value; null, an empty text and an empty list have none. */
export function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== "";
}

function add(sum: number, next: number): number {
  return sum + next;
}
