/** Turns a request for media into the engine's jobs: model, paying account, price and outputs. */
import type { Account } from "../../../engine/generation/accounts.ts";
import type { Medium } from "../../../engine/model/generation.ts";
import type { OutputDraft } from "../../../engine/scenario/plan.ts";
import type { JobDraft } from "../../../http/request/creating.ts";
import { dimensionsFor } from "../../../media/encode/dimensions.ts";
import { balanceOf, charge } from "../account.ts";
import type { Submitter } from "../../../http/request/submitter.ts";
import type { Attributes } from "./store.ts";
import { findModel, mediumOf, type CatalogueModel, type ModelUse } from "../catalogue.ts";
import { uuidJobIdFrom } from "../../job-id.ts";
import { insufficientCredits, modelNotFound, notFound } from "../errors.ts";
import { findNamespace, userIdOf } from "../namespaces.ts";
import { findReadable } from "./find.ts";
import { shotSeconds, type CheckedParameters } from "./parameters.ts";
import { isParameters, type Parameters } from "./sent-parameters.ts";
import { priceOf } from "../pricing.ts";
import { sizeOf } from "../resolution.ts";
import { resultIdOf } from "./urls.ts";

/** Where the results go; for a null or absent field, the vendor chooses. */
interface Target {
  readonly target_namespace?: string | null | undefined;
  readonly target_repo?: string | null | undefined;
  readonly target_directory?: string | null | undefined;
}

export interface Submission {
  readonly model: CatalogueModel;
  readonly medium: Medium;
  /** Number of generations. */
  readonly count: number;
  readonly target: Target;
  /** The request without model, number and target; the generation's row repeats these fields. */
  readonly echo: Parameters;
  readonly checked: CheckedParameters;
}

const FORMATS = { image: "png", video: "mp4", audio: "mp3" } as const;
const SERVED_FORMATS = {
  image: ["png", "jpg", "webp"],
  video: ["mp4"],
  audio: ["mp3", "wav"],
} as const satisfies Record<Medium, readonly string[]>;
const DEFAULT_LONG_SIDE = { image: 1024, video: 1280, audio: 0 } as const;
/** Aspect ratio of a request that names none: a video is wide [doc]; an image is square [inferred]. */
const DEFAULT_RATIO = { image: "1:1", video: "16:9", audio: "1:1" } as const;
/** [doc: video_generation] */
const DEFAULT_SECONDS = 5;
/** Inputs whose length an output without a length of its own takes over [inferred: an edit is as long as its source]. */
const TIMED_INPUTS = ["input_video", "video_url", "input_audio", "audio_url"] as const;

/** Returns the model of a request, and adds a diagnostic if the model is a guess. Throws 404. */
export function requireModel(
  { fixtures, sandbox, explain }: Submitter,
  name: string,
  use: ModelUse,
): { readonly model: CatalogueModel; readonly medium: Medium | undefined } {
  const found = findModel(fixtures, sandbox, name, use);
  if (found === undefined) throw modelNotFound(name);
  const medium = mediumOf(found.model);
  if (found.isGuessed)
    explain?.(
      "MODEL_NOT_IN_CATALOGUE",
      `The catalogue does not have ${name}; it was accepted as a model that makes ${medium ?? "text"}.`,
    );
  return { model: found.model, medium };
}

/** The planned generations of one request; one transaction creates and charges all of them or none. */
export interface PlannedJobs {
  readonly drafts: () => JobDraft[];
  readonly charge: () => void;
}

/**
 * Plans the generations of a submission. Throws 404 for a namespace to which the caller does not belong, and 402 if the
 * credits do not cover the total price.
 */
export function planJobs(submitter: Submitter, submission: Submission): PlannedJobs {
  const { model, count, target } = submission;
  const payer = findNamespace(submitter, target.target_namespace);
  if (payer === undefined) throw notFound();
  const seconds = secondsOf(submission.checked.values, submitter);
  const price = priceOf(model.listed.pricing, workOf(submission, seconds));
  if (price * count > balanceOf(payer)) throw insufficientCredits();
  return {
    drafts: () => Array.from({ length: count }, () => draftOf(submitter, submission, payer, { price, seconds })),
    charge: () => {
      charge(payer, price * count);
    },
  };
}

function draftOf(
  { account, sandbox, exactNumbers }: Submitter,
  { model, medium, target, echo, checked }: Submission,
  payer: Account,
  { price, seconds }: { readonly price: number; readonly seconds: number },
): JobDraft {
  const id = uuidJobIdFrom(sandbox, account.nextDigest("oxen", "generation"));
  const { problem } = checked;
  const attributes: Attributes = {
    repo: target.target_repo ?? null,
    directory: target.target_directory ?? null,
    userId: userIdOf(sandbox, account.name),
    username: account.name,
    ...(exactNumbers !== undefined && { exactNumbers }),
  };
  return {
    id,
    account: payer,
    model: model.listed.id,
    medium,
    facts: {
      model: model.listed.id,
      media_type: mediaTypeOf(medium),
      user_id: attributes.userId,
      ...(attributes.repo !== null && { repo: attributes.repo }),
      ...(attributes.directory !== null && { folder: attributes.directory }),
    },
    request: echo,
    attributes,
    outputs: [outputOf(id, medium, checked.values, seconds)],
    outputsHavePublicIds: false,
    cost: price,
    ...(problem !== undefined && { flaw: { code: null, message: problem } }),
  };
}

/** Returns the media type of a row. The schema has only images and videos, so audio counts as an image [inferred]. */
export function mediaTypeOf(medium: Medium): "image" | "video" {
  return medium === "video" ? "video" : "image";
}

function outputOf(id: string, medium: Medium, values: Parameters, seconds: number): OutputDraft {
  const size = sizeOf(resolutionOf(values));
  const ratio =
    [values.aspect_ratio, size?.ratio].find((text) => typeof text === "string" && /\d/.test(text)) ??
    ratioOfWord(medium, [values.aspect_ratio, values.size]);
  const { width, height } = dimensionsFor(
    typeof ratio === "string" ? ratio : DEFAULT_RATIO[medium],
    size?.longSide ?? DEFAULT_LONG_SIDE[medium],
  );
  return {
    id,
    medium,
    format: formatOf(medium, values.output_format),
    width,
    height,
    ...(medium !== "image" && { durationSeconds: seconds }),
  };
}

/** Returns the ratio that a word means; the words are published, the ratios are not [inferred]. */
function ratioOfWord(medium: Medium, words: readonly unknown[]): string | undefined {
  const [wide, tall] = medium === "video" ? ["16:9", "9:16"] : ["3:2", "2:3"];
  if (words.includes("landscape")) return wide;
  return words.includes("portrait") ? tall : undefined;
}

/** Returns the requested format, or the medium's default if the emulator cannot make it. */
function formatOf(medium: Medium, asked: unknown): string {
  const wanted = asked === "jpeg" ? "jpg" : asked;
  return SERVED_FORMATS[medium].find((format) => format === wanted) ?? FORMATS[medium];
}

function workOf({ checked: { values } }: Submission, seconds: number) {
  return {
    seconds,
    resolution: resolutionOf(values),
    quality: textOf(values.quality) ?? textOf(values.output_quality),
    hasAudio: values.generate_audio === true,
  };
}

/**
 * Returns the length of an output, which the models' pages name in several ways. For -1 and `auto` the real model
 * decides; the emulator uses the documented default. A request that names no length takes over that of its input, if
 * that is an earlier output.
 */
function secondsOf(values: Parameters, submitter: Submitter): number {
  const asked = [shotSeconds(values), values.duration, values.seconds, secondsOfFrames(values)]
    .map((each) => Number(typeof each === "string" ? each.replace(/s$/, "") : (each ?? Number.NaN)))
    .find((each) => each > 0);
  return Math.min(asked ?? inputSeconds(values, submitter) ?? DEFAULT_SECONDS, 3600);
}

function inputSeconds(values: Parameters, submitter: Submitter): number | undefined {
  for (const name of TIMED_INPUTS) {
    const url = textOf(values[name]);
    const id = url === undefined ? undefined : resultIdOf(submitter.sandbox, url);
    const seconds = id === undefined ? undefined : findReadable(submitter, id)?.outputs[0]?.durationSeconds;
    if (seconds !== undefined) return seconds;
  }
  return undefined;
}

function secondsOfFrames({ num_frames, frames_per_second }: Parameters): number | undefined {
  if (typeof num_frames !== "number" || typeof frames_per_second !== "number") return undefined;
  return Math.round((num_frames / frames_per_second) * 100) / 100;
}

function resolutionOf(values: Parameters): string | undefined {
  const { resolution, target_resolution, size, image_size, width, height } = values;
  const named = [resolution, target_resolution, size, image_size].map(textOf).find((text) => text !== undefined);
  // A preset or an object [doc: image_generation]; two parameters [doc: pages of Wan 2.1 and 2.2].
  return named ?? (isParameters(image_size) ? sizeText(image_size.width, image_size.height) : sizeText(width, height));
}

function sizeText(width: unknown, height: unknown): string | undefined {
  return typeof width === "number" && typeof height === "number" ? `${width}x${height}` : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
