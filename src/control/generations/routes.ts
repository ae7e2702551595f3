/** Serves the routes of the generations of all vendors: list them, get one, create one directly in a phase. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Generation } from "../../engine/model/generation.ts";
import { phases } from "../../engine/model/phases.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { sandboxName } from "../../engine/sandbox/settings.ts";
import { lazyList } from "../../http/server/lazy-list.ts";
import { originOf } from "../../http/parsing/public-url.ts";
import { problem } from "../../http/errors/problems.ts";
import { shownGeneration, showGeneration } from "./shown.ts";
import { LATEST } from "../names.ts";
import { answerList, listOf, listQuery, numberOfCursor } from "../listing.ts";
import { checkOwner } from "../rules/filter-check.ts";
import { createDirectly } from "./direct-create.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

export const generationParams = sandboxParams.extend({
  id: z.string().meta({ description: "Its own id, the id of an output, or `latest`" }),
});

const query = listQuery.extend({
  phase: z.enum(phases).optional(),
  kind: z.string().optional(),
  id: z.string().optional(),
});

/** Finds a generation of any vendor by its public id or the id of an output. Throws `no-such-generation`. */
export function generationOf({ vendors }: Pick<ControlOptions, "vendors">, sandbox: Sandbox, id: string): Generation {
  if (id === LATEST) {
    const [newest] = sandbox.generations.list({}, { order: "newest", limit: 1 });
    if (newest !== undefined) return newest;
  }
  for (const { name } of vendors) {
    const found = sandbox.generations.find(name, id) ?? sandbox.generations.findByOutput(name, id);
    if (found !== undefined) return found;
  }
  throw problem("no-such-generation", `Sandbox "${sandbox.name}" has no generation ${id}.`);
}

const tags = ["control"] as const;

export const generationRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  const { context } = options;

  app.get(
    "/sandboxes/:s/generations",
    {
      schema: {
        operationId: "listGenerations",
        summary: "List generations, oldest first; `count` and `within` wait until that many exist",
        tags,
        params: sandboxParams,
        querystring: query,
        response: { 200: listOf(shownGeneration) },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      checkOwner(options, sandbox, request.query);
      const filter = filterOf(sandbox, request.query);
      return answerList({ sandbox, reply, query: request.query }, "generations", {
        count: () => sandbox.generations.count(filter),
        page: (limit, cursor) => {
          const after = numberOfCursor(cursor);
          const page = { order: "oldest" as const, ...(after !== undefined && { after }) };
          const found = sandbox.generations.listLazily(filter, { ...page, limit: limit + 1 });
          const length = Math.min(found.length, limit);
          return {
            items: lazyList(length, (index) => {
              const generation = found.at(index);
              return generation && showGeneration(sandbox, generation);
            }),
            nextCursor: found.length > limit ? String(found.idAt(limit - 1)) : null,
          };
        },
      });
    },
  );

  app.post(
    "/sandboxes/:s/generations",
    {
      schema: {
        operationId: "createGeneration",
        summary: "Create a generation without a client, in any phase that the vendor can show",
        tags,
        params: sandboxParams,
        body: z.strictObject({
          vendor: z.string(),
          account: sandboxName.default("main"),
          request: z.unknown().optional().meta({
            description: "A client's request in the vendor's form; missing fields get the vendor's defaults",
          }),
          scenario: z.string().optional().meta({ description: "Scenario name, or name=CODE" }),
          phase: z
            .enum(phases)
            .optional()
            .meta({ description: "Phase at creation; by default the scenario's first phase" }),
          hold: z
            .boolean()
            .default(false)
            .meta({ description: "Keep the generation in this phase until it is released" }),
          code: z.string().optional(),
          message: z.string().optional(),
          label: z.string().optional(),
        }),
        response: { 201: shownGeneration },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const created = createDirectly(
        options,
        { sandbox, fixtures: app.fixtures.of(sandbox), origin: originOf(request) },
        request.body,
      );
      reply.code(201);
      return showGeneration(sandbox, created);
    },
  );

  app.get(
    "/sandboxes/:s/generations/:id",
    {
      schema: {
        operationId: "getGeneration",
        summary: "Read a generation by its own id or the id of an output",
        tags,
        params: generationParams,
        response: { 200: shownGeneration },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      return showGeneration(sandbox, generationOf(options, sandbox, request.params.id));
    },
  );
};

/** Turns a query into the store's filter. */
function filterOf(sandbox: Sandbox, { vendor, label, account, phase, kind, id }: z.output<typeof query>) {
  return {
    ...(vendor !== undefined && { vendor }),
    ...(label !== undefined && { label }),
    ...(kind !== undefined && { kind }),
    ...(account !== undefined && { accountId: sandbox.account(account).id }),
    ...(phase !== undefined && { phases: [phase] }),
    ...(id !== undefined && { publicIds: [id] }),
  };
}
