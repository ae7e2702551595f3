/**
 * Serves the history: all generations in pages, with their costs [doc: list-past-generations, get-generation-details].
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { observe } from "../../../engine/model/observation.ts";
import { lazyList } from "../../../http/server/lazy-list.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { readStatus } from "../../../http/request/reading.ts";
import { submitterOf } from "../../../http/request/submitter.ts";
import { errors, invalidParams } from "../errors.ts";
import { filterValues, filterValuesQuery, historyDetail, historyPage, historyQuery } from "./schemas.ts";
import { generationParams } from "../generations/schemas.ts";
import { failures } from "../schemas.ts";
import { filterColumns, filterOf, isFilterColumn, valuesOf } from "../generations/list.ts";
import { findGeneration } from "../generations/find.ts";
import { formatDollars, MICROS } from "../pricing.ts";
import { formatHistoryRow } from "../generations/views.ts";

const tags = ["Generations"] as const;

export const historyRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/api/ai/generations",
    {
      config: { operation: "listPastGenerations" },
      schema: {
        summary: "List past and active generations, newest first",
        tags,
        querystring: historyQuery,
        response: { 200: historyPage, ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, now } = request;
      const { generations } = sandbox;
      const { page, page_size, ...filters } = request.query;
      const filter = filterOf(submitterOf(request, reply), filters);
      const offset = (page - 1) * page_size;
      const found = filter && generations.listLazily(filter, { order: "newest", limit: page_size, offset });
      const total = filter === undefined ? 0 : generations.count(filter);
      const micros = filter === undefined ? null : generations.sumCost(charged(filter), MICROS);
      const place = { sandbox, origin: originOf(request) };
      return {
        count: found?.length ?? 0,
        generations: lazyList(found?.length ?? 0, (index) => {
          const generation = found?.at(index);
          return generation && formatHistoryRow(observe(generation, now), place);
        }),
        page_number: page,
        page_size,
        total_pages: Math.ceil(total / page_size),
        total_entries: total,
        total_cost: micros === null ? null : formatDollars(micros),
      };
    },
  );

  // No page shows the name of the parameter or the shape of the response; both are our choice [inferred].
  app.get(
    "/api/ai/generations/_filters",
    {
      config: { operation: "listFilterValues" },
      schema: {
        summary: "List the values that filter columns take",
        tags,
        querystring: filterValuesQuery,
        response: { 200: filterValues, ...failures },
      },
    },
    async (request, reply) => {
      const { columns, ...scope } = request.query;
      const wanted = columns === undefined ? filterColumns : columns.split(",").map((column) => column.trim());
      const known = wanted.filter(isFilterColumn);
      if (known.length < wanted.length)
        throw invalidParams(`columns must be a comma-separated list of ${filterColumns.join(", ")}`);
      const filter = filterOf(submitterOf(request, reply), scope);
      const { generations } = request.sandbox;
      return Object.fromEntries(
        known.map((column) => [column, filter === undefined ? [] : valuesOf(generations, filter, column)]),
      );
    },
  );

  app.get(
    "/api/ai/generations/:generation_id",
    {
      config: { operation: "getGenerationDetails" },
      schema: {
        summary: "Get everything about a generation",
        tags,
        params: generationParams,
        response: { 200: historyDetail, ...failures },
      },
    },
    async (request) => {
      const found = findGeneration(request, request.params.generation_id);
      const observed = readStatus(request, found, errors);
      const place = { sandbox: request.sandbox, origin: originOf(request) };
      return {
        status: "success" as const,
        status_message: "resource_found" as const,
        generation: formatHistoryRow(observed, place),
      };
    },
  );
};

/** Narrows a filter to the generations that cost something; failed and cancelled ones were refunded. */
function charged<Filter extends { readonly phases?: readonly string[] }>(filter: Filter): Filter {
  const paid = ["queued", "processing", "succeeded"];
  return { ...filter, phases: filter.phases?.filter((phase) => paid.includes(phase)) ?? paid };
}
