/** Turns a request for a generation into the engine's job: model, parameters, price and outputs. */
import type { Submitter } from "../../http/request/submitter.ts";
import { uuidJobIdFrom } from "../job-id.ts";
import type { OutputDraft } from "../../engine/scenario/plan.ts";
import type { JobDraft } from "../../http/request/creating.ts";
import { dimensionsFor } from "../../media/encode/dimensions.ts";
import { balanceOf, holdCredits, planLimits, stateOf } from "./account.ts";
import { findModel, type Model, type Parameter } from "./catalogue.ts";
import { concurrencyLimit, insufficientCredits, invalidParam, modelNotAllowed } from "./errors.ts";
import type { GenerateBody } from "./schemas.ts";
import type { Attributes } from "./store.ts";

const LONG_SIDE = { "1K": 1024, "2K": 2048, "4K": 4096, "720p": 1280, "1080p": 1920, "2160p": 3840 } as const;
const FORMATS = { image: "jpg", video: "mp4", audio: "mp3" } as const;
const DEFAULT_SECONDS = 5;
/**
 * Aspect ratio when neither the request nor the model names one; each model has its own default [doc], whose values are
 * [inferred].
 */
const ASPECT_RATIOS = { image: "1:1", video: "16:9", audio: "1:1" } as const;
/** The media to which a parameter of the general table applies [doc]. */
const ONLY_FOR: Readonly<Record<string, readonly Model["category"][]>> = {
  duration: ["video", "audio"],
  audio: ["video"],
  number_results: ["image"],
};

export interface Submission {
  readonly model: Model;
  /**
   * An upper bound of the price [doc]; one result costs the maximum of the model's band [inferred from the samples'
   * 211].
   */
  readonly estimate: number;
  readonly draft: () => JobDraft;
  readonly charge: () => void;
}

/**
 * Checks a request in the order body (already checked), model, credits, concurrency [inferred], and throws vivix's own
 * errors.
 */
export function planSubmission(submitter: Submitter, body: GenerateBody): Submission {
  const { sandbox, account, now, fixtures } = submitter;
  const found = findModel(fixtures, sandbox, body.model, body);
  const state = stateOf(account, now);
  if (found === undefined || state.allowedModels?.includes(body.model) === false) throw modelNotAllowed(body.model);
  const { model, isGuessed } = found;
  if (isGuessed)
    submitter.explain?.(
      "MODEL_NOT_IN_CATALOGUE",
      `The catalogue does not have ${body.model}; it was accepted as a model that makes ${model.category}.`,
    );
  checkParameters(body, model);
  // The documentation does not say whether the vendor refuses these parameters; it says that one is ignored
  // [doc: negative_prompt].
  for (const [name, media] of Object.entries(ONLY_FOR))
    if (body[name] !== undefined && !media.includes(model.category))
      submitter.explain?.(
        "PARAMETER_IGNORED",
        `${name} is for ${media.join(" and ")}; ${model.slug} makes ${model.category}.`,
      );
  const results = model.category === "image" ? (body.number_results ?? 1) : 1;
  const estimate = model.credits_band.max * results;
  if (estimate > balanceOf(state)) throw insufficientCredits(balanceOf(state), estimate);
  const { concurrent_jobs } = planLimits(state);
  const active = sandbox.generations.countActive(account, "vivix");
  if (sandbox.settings.enforcesLimits(account) && active >= concurrent_jobs)
    throw concurrencyLimit().explained(
      "RATE_LIMITED",
      `${active} jobs of account "${account.name}" are running; the limit is ${concurrent_jobs} at once.`,
    );
  return {
    model,
    estimate,
    draft: () => draftOf({ account, sandbox }, body, { model, results, estimate }),
    charge: () => {
      holdCredits(account, estimate, now);
    },
  };
}

function draftOf(
  { account, sandbox }: Pick<Submitter, "account" | "sandbox">,
  body: GenerateBody,
  { model, results, estimate }: { readonly model: Model; readonly results: number; readonly estimate: number },
): JobDraft {
  const id = uuidJobIdFrom(sandbox, account.nextDigest("vivix", "generation"));
  const { width, height } = dimensionsFor(
    body.aspect_ratio ?? textDefault(model.params.aspect_ratio) ?? ASPECT_RATIOS[model.category],
    longSideOf(body, model),
  );
  const outputs = Array.from({ length: results }, (_, index): OutputDraft => ({
    // The seed names the first file after the generation; the names of further files are our choice [inferred].
    id: index === 0 ? id : `${id}-${index}`,
    medium: model.category,
    format: FORMATS[model.category],
    width,
    height,
    ...(model.category !== "image" && {
      durationSeconds: body.duration ?? numberDefault(model.params.duration) ?? DEFAULT_SECONDS,
    }),
  }));
  return {
    id,
    model: body.model,
    medium: model.category,
    facts: { model: body.model },
    request: body,
    attributes: { providerModel: model.provider_model ?? model.slug } satisfies Attributes,
    outputs,
    outputsHavePublicIds: false,
    cost: estimate,
  };
}

/** Checks the parameters against the model's own descriptors, which override the general table [doc]. */
function checkParameters(body: GenerateBody, model: Model): void {
  for (const [name, parameter] of Object.entries(model.params)) {
    const value = body[name];
    const problem = value === undefined ? missing(parameter) : mismatch(value, parameter);
    if (problem !== undefined) throw invalidParam(name, `${name} ${problem}`);
  }
}

function missing(parameter: Parameter): string | undefined {
  return parameter.required === true ? "is required." : undefined;
}

function mismatch(value: unknown, parameter: Parameter): string | undefined {
  switch (parameter.type) {
    case "string":
      if (typeof value !== "string") return "must be a string.";
      return parameter.max_length !== undefined && value.length > parameter.max_length
        ? `must be at most ${parameter.max_length} characters.`
        : undefined;
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) return "must be an integer.";
      return value < (parameter.min ?? value) || value > (parameter.max ?? value)
        ? `must be from ${parameter.min ?? "-∞"} to ${parameter.max ?? "∞"}.`
        : undefined;
    case "boolean":
      return typeof value === "boolean" ? undefined : "must be true or false.";
    case "enum":
      return typeof value === "string" && parameter.values?.includes(value)
        ? undefined
        : `must be one of ${parameter.values?.join(", ") ?? ""}.`;
  }
}

function longSideOf(body: GenerateBody, model: Model): number {
  const resolution = body.resolution ?? textDefault(model.params.resolution);
  const known = Object.entries(LONG_SIDE).find(([name]) => name === resolution);
  return known?.[1] ?? LONG_SIDE["1K"];
}

function textDefault(parameter: Parameter | undefined): string | undefined {
  return typeof parameter?.default === "string" ? parameter.default : undefined;
}

function numberDefault(parameter: Parameter | undefined): number | undefined {
  return typeof parameter?.default === "number" ? parameter.default : undefined;
}
