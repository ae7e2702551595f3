/** Serves the queue [seed, doc: inference-api/reference/async_queue]. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { createGenerations } from "../../../http/request/creating.ts";
import { observe } from "../../../engine/model/observation.ts";
import { lazyList } from "../../../http/server/lazy-list.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { noteGeneration, noteShown, readStatus } from "../../../http/request/reading.ts";
import { submitterOf } from "../../../http/request/submitter.ts";
import { planEnqueued } from "./queue-plan.ts";
import { errors } from "../errors.ts";
import { capabilities } from "../capabilities.ts";
import { filterOf } from "../generations/list.ts";
import { findGeneration } from "../generations/find.ts";
import { cancelled, enqueueBody, enqueued, queueList } from "./schemas.ts";
import { filters, generationParams, row } from "../generations/schemas.ts";
import { failures } from "../schemas.ts";
import { formatRow } from "../generations/views.ts";

const tags = ["Queue"] as const;

export const queueRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/api/ai/queue",
    {
      config: { operation: "createGeneration", echoesNumbers: true, hasOpenBody: true },
      schema: {
        summary: "Enqueue generations",
        tags,
        body: enqueueBody,
        response: { 200: enqueued, ...failures },
      },
    },
    async (request, reply) => {
      const planned = planEnqueued(submitterOf(request, reply), request.body);
      const created = createGenerations(request, reply, capabilities, planned);
      return { generations: created.map(({ id }) => ({ generation_id: id, status: "queued" as const })) };
    },
  );

  app.get(
    "/api/ai/queue",
    {
      config: { operation: "listGenerations" },
      schema: {
        summary: "List generations; by default the active ones",
        tags,
        querystring: filters,
        response: { 200: queueList, ...failures },
      },
    },
    async (request, reply) => {
      const filter = filterOf(submitterOf(request, reply), request.query, ["queued", "processing"]);
      const { sandbox, now } = request;
      if (filter === undefined) return { count: 0, generations: [] };
      const found = sandbox.generations.listLazily(filter, { order: "oldest" });
      const place = { sandbox, origin: originOf(request) };
      const generations = lazyList(found.length, (index) => {
        const generation = found.at(index);
        return generation && formatRow(observe(generation, now), place);
      });
      return { count: found.length, generations };
    },
  );

  app.get(
    "/api/ai/queue/:generation_id",
    {
      config: { operation: "getGeneration" },
      schema: { summary: "Get a generation", tags, params: generationParams, response: { 200: row, ...failures } },
    },
    async (request) => {
      const found = findGeneration(request, request.params.generation_id);
      const { sandbox } = request;
      return formatRow(readStatus(request, found, errors), { sandbox, origin: originOf(request) });
    },
  );

  app.delete(
    "/api/ai/queue/:generation_id",
    {
      config: { operation: "cancelGeneration" },
      schema: {
        summary: "Cancel a generation; no effect on a generation that has ended",
        tags,
        params: generationParams,
        response: { 200: cancelled, ...failures },
      },
    },
    async (request) => {
      const found = findGeneration(request, request.params.generation_id);
      noteGeneration(request, found);
      noteShown(request, observe(request.sandbox.generations.cancel(found, request.now), request.now));
      return { status: "success" as const, generation_id: found.id };
    },
  );
};
