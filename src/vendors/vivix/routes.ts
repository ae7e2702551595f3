/** Serves the four endpoints of vivix's API [doc: /docs/api/endpoints]. */
import { submitterOf } from "../../http/request/submitter.ts";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { createGeneration } from "../../http/request/creating.ts";
import { originOf } from "../../http/parsing/public-url.ts";
import { readStatus } from "../../http/request/reading.ts";
import { balanceOf, cycleResetsAt, planLimits, stateOf } from "./account.ts";
import { models, type Model } from "./catalogue.ts";
import { errors, notFound, notYours } from "./errors.ts";
import { capabilities } from "./capabilities.ts";
import { createdGeneration, credits, errorBody, generateBody, generation, modelList } from "./schemas.ts";
import { settingsOf } from "./settings.ts";
import { planSubmission } from "./submission.ts";
import { formatGeneration, formatTime } from "./views.ts";

const failures = { "4xx": errorBody, "5xx": errorBody } as const;

export const routes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/api/v1/generate",
    {
      config: { operation: "createGeneration" },
      schema: { body: generateBody, response: { 201: createdGeneration, ...failures } },
    },
    async (request, reply) => {
      const { model, estimate, draft, charge } = planSubmission(submitterOf(request, reply), request.body);
      const { id, createdAt } = createGeneration(request, reply, capabilities, { draft, charge });
      reply.code(201);
      return {
        generation_id: id,
        status: "pending" as const,
        model: model.slug,
        credits_estimate: estimate,
        created_at: formatTime(createdAt),
      };
    },
  );

  app.get(
    "/api/v1/generations/:id",
    {
      config: { operation: "getGeneration" },
      schema: { params: z.object({ id: z.string() }), response: { 200: generation, ...failures } },
    },
    async (request) => {
      const { sandbox, account, now, params } = request;
      const found = sandbox.generations.find("vivix", params.id);
      if (found === undefined || now - found.createdAt > settingsOf(sandbox).retention) throw notFound();
      if (found.accountId !== account.id) throw notYours();
      return formatGeneration(readStatus(request, found, errors), sandbox, originOf(request));
    },
  );

  app.get(
    "/api/v1/models",
    { config: { operation: "listModels" }, schema: { response: { 200: modelList, ...failures } } },
    async (request) => {
      const state = stateOf(request.account, request.now);
      const listed = request.fixtures.listOf(models).filter(({ slug }) => state.allowedModels?.includes(slug) ?? true);
      return {
        tier: state.plan,
        credits_balance: balanceOf(state),
        rate_limit: planLimits(state),
        models: listed.map(({ provider_model: _providerModel, example, ...model }) => ({
          ...model,
          example_request: exampleRequest(model, example ?? defaultsOf(model)),
        })),
      };
    },
  );

  app.get(
    "/api/v1/credits",
    { config: { operation: "getCredits" }, schema: { response: { 200: credits, ...failures } } },
    async (request) => {
      const state = stateOf(request.account, request.now);
      return {
        balance: balanceOf(state),
        tier: state.plan,
        cycle_resets_at: formatTime(cycleResetsAt(request.now)),
        rate_limit: planLimits(state),
        spent_this_cycle: state.spent,
        granted_this_cycle: state.granted,
      };
    },
  );
};

/** Returns an example body for POST /api/v1/generate. The parameters are the documentation's [doc], the prompt is ours. */
function exampleRequest({ slug }: Pick<Model, "slug">, parameters: object): Record<string, unknown> {
  return { model: slug, prompt: "A lighthouse at dusk, waves against the rocks", ...parameters };
}

function defaultsOf({ params }: Pick<Model, "params">): object {
  const defaults = Object.entries(params).flatMap(([name, parameter]) =>
    parameter.default === undefined ? [] : [[name, parameter.default] as const],
  );
  return Object.fromEntries(defaults);
}
