/** Serves the catalogue of models [doc: reference/models/overview; spec]; reading it needs no key [client]. */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { models, type CatalogueModel } from "../catalogue.ts";
import { modelNotFound } from "../errors.ts";
import { model, type Model } from "../model.ts";
import { addFavorite, favoritesOf, removeFavorite } from "./store.ts";
import { modelList, modelParams, modelQuery, modelsQuery, searchQuery } from "./schemas.ts";
import { failures } from "../schemas.ts";

const tags = ["Models"] as const;

export const modelRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/api/ai/models",
    {
      config: { operation: "listModels", access: "public" },
      schema: { summary: "List models", tags, querystring: modelsQuery, response: { 200: modelList, ...failures } },
    },
    async (request) => {
      const { developer_name, provider_name, action } = request.query;
      return listOf(
        allModels(request).filter(
          ({ listed: { developer, owned_by, fine_tuning } }) =>
            isSame(developer_name, developer?.name) &&
            // No source defines a provider, so the filter matches a model's owner and its developer [inferred].
            (isSame(provider_name, owned_by) || isSame(provider_name, developer?.name)) &&
            (action === undefined || fine_tuning?.actions.includes(action) === true),
        ),
      );
    },
  );

  app.get(
    "/api/ai/models/search",
    {
      config: { operation: "searchModels", access: "public" },
      schema: { summary: "Search models", tags, querystring: searchQuery, response: { 200: modelList, ...failures } },
    },
    async (request) => {
      const words = request.query.search.toLowerCase().split(/\s+/).filter(Boolean);
      return listOf(
        allModels(request).filter(({ listed }) => words.every((word) => searchText(listed).includes(word))),
      );
    },
  );

  app.get(
    "/api/ai/models/featured",
    {
      config: { operation: "listFeaturedModels", access: "public" },
      schema: { summary: "List featured models", tags, response: { 200: modelList, ...failures } },
    },
    async (request) => listOf(allModels(request).filter(({ isFeatured }) => isFeatured)),
  );

  app.get(
    "/api/ai/models/favorites",
    {
      config: { operation: "listFavoriteModels" },
      schema: {
        summary: "List the caller's favorite models",
        tags,
        response: { 200: modelList, ...failures },
      },
    },
    async (request) => {
      const known = request.fixtures.mapOf(models);
      return listOf(favoritesOf(request).flatMap((id) => known.get(id) ?? []));
    },
  );

  app.get(
    "/api/ai/models/:id",
    {
      config: { operation: "getModel", access: "public" },
      schema: {
        summary: "Get a model with its price and parameters",
        tags,
        params: modelParams,
        querystring: modelQuery,
        response: { 200: model, ...failures },
      },
    },
    async (request) => requireListed(request, request.params.id).listed,
  );

  app.post(
    "/api/ai/models/:id/favorite",
    {
      config: { operation: "favoriteModel" },
      schema: {
        summary: "Add a model to the favorites",
        tags,
        params: modelParams,
        response: { 200: model, ...failures },
      },
    },
    async (request) => {
      const found = requireListed(request, request.params.id);
      addFavorite(request, found);
      return found.listed;
    },
  );

  app.delete(
    "/api/ai/models/:id/favorite",
    {
      config: { operation: "unfavoriteModel" },
      schema: {
        summary: "Remove a model from the favorites",
        tags,
        params: modelParams,
        response: { 200: model, ...failures },
      },
    },
    async (request) => {
      const found = requireListed(request, request.params.id);
      removeFavorite(request, found);
      return found.listed;
    },
  );
};

function allModels({ fixtures }: Pick<FastifyRequest, "fixtures">): readonly CatalogueModel[] {
  return fixtures.listOf(models);
}

/** Returns the listed model with this id; a guessed model is not listed. Throws 404. */
function requireListed({ fixtures }: Pick<FastifyRequest, "fixtures">, id: string): CatalogueModel {
  const found = fixtures.mapOf(models).get(id);
  if (found === undefined) throw modelNotFound(id);
  return found;
}

function listOf(found: readonly CatalogueModel[]) {
  return { object: "list" as const, data: found.map(({ listed }) => listed) };
}

/** Returns whether a filter matches this name, in any case. */
function isSame(wanted: string | undefined, name: string | undefined): boolean {
  return wanted === undefined || wanted.toLowerCase() === name?.toLowerCase();
}

/**
 * Returns the text that a search looks through. It has the id with and without hyphens, so that "kling 3" finds
 * `kling-3`.
 */
function searchText({ id, display_name, summary, developer }: Model): string {
  return [id, id.replaceAll("-", " "), display_name, summary, developer?.name].join(" ").toLowerCase();
}
