/** Answers a synchronous route: checks the request as the model does, creates the generations and describes the results. */
import { buffer } from "node:stream/consumers";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Medium } from "../../../engine/model/generation.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { submitterOf } from "../../../http/request/submitter.ts";
import type { CatalogueModel } from "../catalogue.ts";
import { modelRefused } from "../errors.ts";
import { checkParameters, unknownParameters } from "../generations/parameters.ts";
import type { Parameters } from "../generations/sent-parameters.ts";
import { planJobs, requireModel } from "../generations/submission.ts";
import { resultUrl } from "../generations/urls.ts";
import { unixSeconds } from "../generations/views.ts";
import { requireCount } from "../vintage.ts";
import { makeNow, type Made } from "./make.ts";
import type { SynchronousBody } from "./schemas.ts";

interface Answer {
  readonly model: string;
  readonly created: number;
  readonly media: ({ readonly url: string } | { readonly b64_json: string })[];
}

/** The medium that a route makes, and the route's own reading and check of the parameters. */
interface Wanted {
  readonly medium: Medium;
  /** The body of the route, with its documented parameters. */
  readonly documented: z.ZodObject;
  readonly read?: (parameters: Parameters) => Parameters;
  readonly problemOf?: (model: CatalogueModel, parameters: Parameters) => string | undefined;
}

/**
 * Creates the requested generations and describes the results; returns undefined if the client has disconnected.
 * Refuses wrong parameters at once, before it creates a generation [doc].
 */
export async function answerNow(
  request: FastifyRequest,
  reply: FastifyReply,
  body: SynchronousBody & Parameters,
  { medium: wanted, documented, read, problemOf }: Wanted,
): Promise<Answer | undefined> {
  const { model: name, target_namespace, target_repo, target_directory, ...echo } = body;
  const submitter = submitterOf(request, reply);
  const { model, medium } = requireModel(submitter, name, { parameters: echo, route: wanted });
  if (medium !== wanted)
    throw modelRefused(`Model ${name} does not generate ${wanted === "audio" ? wanted : `${wanted}s`}.`);
  const count = requireCount(request.sandbox, "n", wanted === "image" ? echo.n : undefined);
  const checked = checkParameters(model, read?.(echo) ?? echo);
  const unknown = unknownParameters(model, echo, Object.keys(documented.shape));
  if (unknown !== undefined) submitter.explain?.("PARAMETER_UNKNOWN", unknown);
  const problem = problemOf?.(model, echo) ?? checked.problem;
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

async function describe(request: FastifyRequest, made: Made, format: "url" | "b64_json") {
  const { sandbox, server } = request;
  if (format === "url") return { url: resultUrl(sandbox, originOf(request), made.generation) };
  const content = await server.media.fileOf(sandbox, made).content();
  const bytes = content instanceof Uint8Array ? content : await buffer(content.open(0, content.sizeBytes - 1));
  return { b64_json: Buffer.from(bytes).toString("base64") };
}
