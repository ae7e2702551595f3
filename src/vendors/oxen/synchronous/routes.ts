/**
 * Serves the routes that answer once the media exist [doc: image_generation, image_editing, video_generation; spec].
 */
import { buffer } from "node:stream/consumers";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Medium } from "../../../engine/model/generation.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { submitterOf } from "../../../http/request/submitter.ts";
import { makeNow, type Made } from "./make.ts";
import { modelRefused } from "../errors.ts";
import { resultUrl } from "../generations/urls.ts";
import { MODEL_MESSAGES } from "../model-messages.ts";
import { checkParameters, isGiven, unknownParameters, type Parameters } from "../generations/parameters.ts";
import {
  audioResponse,
  audioBody,
  imageBody,
  imageResponse,
  videoBody,
  videoResponse,
  type SynchronousBody,
} from "./schemas.ts";
import { failures } from "../schemas.ts";
import { planJobs, requireModel } from "../generations/submission.ts";
import { unixSeconds } from "../generations/views.ts";
import { requireCount } from "../vintage.ts";

const tags = ["Synchronous"] as const;

export const synchronousRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/api/ai/images/generate",
    {
      config: { operation: "generateImage", echoesNumbers: true, hasOpenBody: true },
      schema: { summary: "Generate images", tags, body: imageBody, response: { 200: imageResponse, ...failures } },
    },
    async (request, reply) => {
      const answer = await answerNow(request, reply, request.body, { medium: "image" });
      return answer === undefined ? reply : { model: answer.model, created: answer.created, images: answer.media };
    },
  );

  app.post(
    "/api/ai/images/edit",
    {
      config: { operation: "editImage", echoesNumbers: true, hasOpenBody: true },
      schema: { summary: "Edit an image", tags, body: imageBody, response: { 200: imageResponse, ...failures } },
    },
    async (request, reply) => {
      // The spec has `image` where the prose and the models have `input_image`.
      const { image, ...body } = request.body;
      const input_image = body.input_image ?? image;
      const edit = { ...body, ...(isGiven(input_image) && { input_image }) };
      const answer = await answerNow(request, reply, edit, {
        medium: "image",
        problemOf: ({ input_images }) =>
          isGiven(input_image) || isGiven(input_images) ? undefined : MODEL_MESSAGES.field_required,
      });
      return answer === undefined ? reply : { model: answer.model, created: answer.created, images: answer.media };
    },
  );

  app.post(
    "/api/ai/videos/generate",
    {
      config: { operation: "generateVideo", echoesNumbers: true, hasOpenBody: true },
      schema: { summary: "Generate a video", tags, body: videoBody, response: { 200: videoResponse, ...failures } },
    },
    async (request, reply) => {
      const answer = await answerNow(request, reply, request.body, {
        medium: "video",
        problemOf: ({ prompt, multi_prompt: shots }) =>
          isGiven(prompt) && isGiven(shots) ? MODEL_MESSAGES.prompt_conflict : undefined,
      });
      return answer === undefined ? reply : { model: answer.model, created: answer.created, videos: answer.media };
    },
  );

  app.post(
    "/api/ai/audio/generate",
    {
      config: { operation: "generateAudio", echoesNumbers: true, hasOpenBody: true },
      schema: { summary: "Generate audio", tags, body: audioBody, response: { 200: audioResponse, ...failures } },
    },
    async (request, reply) => {
      const answer = await answerNow(request, reply, request.body, { medium: "audio" });
      // Only the spec shows this response, with keys in alphabetical order.
      return answer === undefined ? reply : { audios: answer.media, created: answer.created, model: answer.model };
    },
  );
};

interface Answer {
  readonly model: string;
  readonly created: number;
  readonly media: ({ readonly url: string } | { readonly b64_json: string })[];
}

/** The medium that a route makes, and the route's own check of the parameters. */
interface Wanted {
  readonly medium: Medium;
  readonly problemOf?: (parameters: Parameters) => string | undefined;
}

/**
 * Creates the requested generations and describes the results; returns undefined if the client has disconnected.
 * Refuses wrong parameters at once, before it creates a generation [doc].
 */
async function answerNow(
  request: FastifyRequest,
  reply: FastifyReply,
  body: SynchronousBody & Parameters,
  { medium: wanted, problemOf }: Wanted,
): Promise<Answer | undefined> {
  const { model: name, target_namespace, target_repo, target_directory, ...echo } = body;
  const submitter = submitterOf(request, reply);
  const { model, medium } = requireModel(submitter, name, echo);
  if (medium !== wanted)
    throw modelRefused(`Model ${name} does not generate ${wanted === "audio" ? wanted : `${wanted}s`}.`);
  const count = requireCount(request.sandbox, "n", wanted === "image" ? echo.n : undefined);
  const checked = checkParameters(model, echo);
  const unknown = unknownParameters(model, echo, Object.keys(imageBody.shape));
  if (unknown !== undefined) submitter.explain?.("PARAMETER_UNKNOWN", unknown);
  const problem = problemOf?.(echo) ?? checked.problem ?? promptProblem(model.listed.request_schema === null, echo);
  if (problem !== undefined) throw modelRefused(problem);
  const target = { target_namespace, target_repo, target_directory };
  const made = await makeNow(request, reply, planJobs(submitter, { model, medium, count, target, echo, checked }));
  if (made === undefined) return undefined;
  const format = body.response_format ?? "url";
  return {
    model: name,
    created: unixSeconds(Math.max(...made.map(({ endedAt }) => endedAt))),
    media: await Promise.all(made.map(async (each) => describe(request, each, format))),
  };
}

/** Checks the prompt, which these routes require [doc]; a model with a known schema checks it itself. */
function promptProblem(isUnknown: boolean, { prompt, multi_prompt: shots }: Parameters): string | undefined {
  return isUnknown && !isGiven(prompt) && !isGiven(shots) ? MODEL_MESSAGES.prompt_empty : undefined;
}

async function describe(request: FastifyRequest, made: Made, format: "url" | "b64_json") {
  const { sandbox, server } = request;
  if (format === "url") return { url: resultUrl(sandbox, originOf(request), made.generation) };
  const content = server.media.fileOf(sandbox, made).content();
  const bytes = content instanceof Uint8Array ? content : await buffer(content.open(0, content.sizeBytes - 1));
  return { b64_json: Buffer.from(bytes).toString("base64") };
}
