/** Serves the routes that create, read and delete generations [doc: api-reference/endpoint/generations]. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { observe } from "../../../engine/model/observation.ts";
import { createGeneration } from "../../../http/request/creating.ts";
import { readStatus } from "../../../http/request/reading.ts";
import { chargeCredits, stateOf } from "../account.ts";
import { submitterOf } from "../../../http/request/submitter.ts";
import { inspectUploads } from "../assets/store.ts";
import { generateBody } from "./element.ts";
import { lazyList } from "../../../http/server/lazy-list.ts";
import { formatPage, formatSuccess } from "../envelope.ts";
import { errors } from "../errors.ts";
import { capabilities } from "../capabilities.ts";
import { selectGenerations } from "./list.ts";
import { findOwnGeneration, findOwnMedia, outputOf } from "./find.ts";
import { failures } from "../schemas.ts";
import { createdGeneration, deleted, estimate, generation, generationList, listQuery, media } from "./schemas.ts";
import { planSubmission } from "./submission.ts";
import { placeOf } from "../place.ts";
import { formatCreated, formatGeneration, formatMedia } from "./views.ts";

const byGeneration = z.object({ generation_id: z.string() });
const byMedia = z.object({ media_id: z.string() });
const tags = ["Generation"] as const;

export const generationRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/pub/v1/generations",
    {
      config: { operation: "createGeneration" },
      schema: {
        summary: "Generate Media",
        tags,
        body: generateBody,
        response: { 202: createdGeneration, ...failures },
      },
    },
    async (request, reply) => {
      const { account, sandbox, body } = request;
      await inspectUploads(request, body);
      const { price, draft } = planSubmission(submitterOf(request, reply), body);
      const charge = (): void => {
        chargeCredits(account, price);
      };
      const created = createGeneration(request, reply, capabilities, { draft, charge });
      reply.code(202);
      return formatSuccess(formatCreated(created, stateOf(account).credits, sandbox));
    },
  );

  app.post(
    "/pub/v1/generations/estimate",
    {
      config: { operation: "estimateCost" },
      schema: { summary: "Estimate Generation", tags, body: generateBody, response: { 200: estimate, ...failures } },
    },
    async (request, reply) => {
      await inspectUploads(request, request.body);
      const { price } = planSubmission(submitterOf(request, reply), request.body);
      // This response has `error` where every other response has `err` [doc].
      return { data: { estimated: price, balance: stateOf(request.account).credits }, error: {} };
    },
  );

  app.get(
    "/pub/v1/generations",
    {
      config: { operation: "listGenerations" },
      schema: {
        summary: "List Generations",
        tags,
        querystring: listQuery,
        response: { 200: generationList, ...failures },
      },
    },
    async (request) => {
      const { now, query } = request;
      const { generations, total } = await selectGenerations(request, query);
      const data = lazyList(generations.length, (index) => {
        const generation = generations.at(index);
        return generation && formatGeneration(observe(generation, now), placeOf(request));
      });
      return formatPage(data, query, total);
    },
  );

  app.get(
    "/pub/v1/generations/media/:media_id",
    {
      config: { operation: "getMedia" },
      schema: { summary: "Get Media", tags, params: byMedia, response: { 200: media, ...failures } },
    },
    async (request) => {
      const { media_id } = request.params;
      const observed = readStatus(request, findOwnMedia(request, media_id), errors);
      return formatSuccess(formatMedia(outputOf(observed, media_id), placeOf(request)));
    },
  );

  app.get(
    "/pub/v1/generations/:generation_id",
    {
      config: { operation: "getGeneration" },
      schema: { summary: "Get Generation", tags, params: byGeneration, response: { 200: generation, ...failures } },
    },
    async (request) => {
      const observed = readStatus(request, findOwnGeneration(request, request.params.generation_id), errors);
      // The published response paginates a single object [doc].
      return formatPage(formatGeneration(observed, placeOf(request)), { page: 1, page_size: 10 }, 1);
    },
  );

  app.delete(
    "/pub/v1/generations/media/:media_id",
    {
      config: { operation: "deleteMedia" },
      schema: { summary: "Delete Media", tags, params: byMedia, response: { 200: deleted, ...failures } },
    },
    async (request) => {
      const { media_id: id } = request.params;
      const found = findOwnMedia(request, id);
      request.sandbox.write(() => request.sandbox.generations.deleteOutput(found, id, request.now));
      return formatSuccess({ id });
    },
  );

  app.delete(
    "/pub/v1/generations/:generation_id",
    {
      config: { operation: "deleteGeneration" },
      schema: { summary: "Delete Generation", tags, params: byGeneration, response: { 200: deleted, ...failures } },
    },
    async (request) => {
      const found = findOwnGeneration(request, request.params.generation_id);
      request.sandbox.write(() => {
        request.sandbox.generations.delete(found, request.now);
      });
      return formatSuccess({ id: found.id });
    },
  );
};
