/** Serves the routes that list, read and delete generations, and the two routes to a generation's file. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { observe, type Observation } from "../../../engine/model/observation.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import { explain } from "../../../http/request/explain.ts";
import { lazyList } from "../../../http/server/lazy-list.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { noteGeneration, noteShown, readStatus } from "../../../http/request/reading.ts";
import { badRequest, errors, generationNotFound, notDeletable } from "../errors.ts";
import { findGeneration, findPublicGeneration } from "./find.ts";
import { generation } from "./schemas.ts";
import { countOf, countQuery, filterOf, listQuery, pageOf } from "./list.ts";
import { hasProject } from "../references.ts";
import { resultToken } from "../result-token.ts";
import { failures, idParams } from "../schemas.ts";
import { fileUrl, formatGeneration } from "./views.ts";

export const generationsRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/v2/generations",
    {
      config: { operation: "listGenerations" },
      schema: {
        operationId: "GenerateController_getGenerations",
        tags: ["Generate"],
        summary: "List generations, newest first",
        querystring: listQuery,
        response: { 200: z.array(generation), ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, account, now, query } = request;
      const page = pageOf(request, query);
      // The list of a project that the caller cannot reach, or of a deleted one, is empty [doc].
      if (query.projectId !== undefined && !hasProject(sandbox, account, query.projectId)) return [];
      if (page === "unknown cursor") {
        explain(request, reply, "REQUEST_INVALID", "The cursor is not the id of a generation of this organisation.");
        return [];
      }
      const found = sandbox.generations.listLazily(filterOf(request, query), page);
      return lazyList(found.length, (index) => {
        const generation = found.at(index);
        return generation && formatGeneration(observe(generation, now), sandbox, originOf(request));
      });
    },
  );

  app.get(
    "/v2/generations/count",
    {
      config: { operation: "countGenerations" },
      schema: {
        operationId: "GenerateController_countGenerations",
        tags: ["Generate"],
        summary: "Count generations",
        querystring: countQuery,
        response: { 200: z.strictObject({ count: z.int() }), ...failures },
      },
    },
    async (request) => ({ count: countOf(request, request.query) }),
  );

  app.get(
    "/v2/generations/:id",
    {
      config: { operation: "getGenerationById" },
      schema: {
        operationId: "GenerationsController_getById",
        tags: ["Generations"],
        summary: "Read a generation, without waiting",
        params: idParams,
        response: { 200: generation, ...failures },
      },
    },
    async (request) => {
      const observed = readStatus(request, findGeneration(request, request.params.id), errors);
      return formatGeneration(observed, request.sandbox, originOf(request));
    },
  );

  app.delete(
    "/v2/generations/:id",
    {
      config: { operation: "deleteGeneration" },
      schema: {
        operationId: "GenerationsController_delete",
        tags: ["Generations"],
        summary: "Delete a generation that has ended",
        params: idParams,
        response: { 200: generation, ...failures },
      },
    },
    async (request) => {
      const { sandbox, now } = request;
      const found = findGeneration(request, request.params.id);
      noteGeneration(request, found);
      const observed = noteShown(request, observe(found, now));
      if (!isTerminal(observed.phase)) throw notDeletable();
      sandbox.write(() => {
        sandbox.generations.delete(found, now);
      });
      return formatGeneration(observed, sandbox, originOf(request));
    },
  );

  app.get(
    "/v2/generations/:id/download",
    {
      config: { operation: "downloadOutput" },
      schema: {
        operationId: "GenerationsController_download",
        tags: ["Generations"],
        summary: "Read the URL of a generation's file, as plain text",
        params: idParams,
        response: { 200: z.string(), ...failures },
      },
    },
    async (request, reply) => {
      const observed = observe(findGeneration(request, request.params.id), request.now);
      noteGeneration(request, observed.generation);
      return reply.type("text/plain; charset=utf-8").send(outputUrlOf(observed, request));
    },
  );

  // outputUrl points here; the token replaces the key.
  app.route({
    // HEAD works too, because the redirect leads to a file and clients ask for its size.
    method: ["GET", "HEAD"],
    url: "/v2/generations/:id/result",
    config: { operation: "getGenerationResult", access: "public" },
    schema: {
      operationId: "GenerationsController_getGenerationResults",
      tags: ["Generations"],
      summary: "Redirect to a generation's file",
      params: idParams,
      querystring: z.object({ token: z.string().optional(), sandbox: z.string().optional() }),
      response: { 302: z.undefined(), ...failures },
    },
    handler: async (request, reply) => {
      const { sandbox, now, params, query } = request;
      const found = findPublicGeneration(request, params.id);
      noteGeneration(request, found);
      // The order of the 400 and the 404 is not documented [inferred].
      const url = outputUrlOf(observe(found, now), request);
      if (query.token !== resultToken(sandbox, found.id)) throw generationNotFound();
      return reply.redirect(url);
    },
  });
};

/**
 * Returns the URL of a generation's file. Throws 400 [client: oas2025] while the generation has no file, and if it
 * failed.
 */
function outputUrlOf({ phase, outputs }: Observation, request: Parameters<typeof originOf>[0]): string {
  const [video] = outputs;
  if (phase !== "succeeded" || video === undefined) throw badRequest("The generation is not completed");
  return fileUrl(video, request.sandbox, originOf(request));
}
