/** Serves /v2/assets: upload slots, registration, lists and single assets. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { originOf } from "../../../http/parsing/public-url.ts";
import { assetOrder, matchingAssets, newestUpload } from "./list.ts";
import {
  asset,
  assetFilter,
  assetIdsBody,
  assetList,
  assetListQuery,
  createAssetBody,
  createUploadBody,
  updateAssetBody,
  uploadedAssetQuery,
  uploadSlot,
} from "./schemas.ts";
import { createUploadSlot, registerAsset } from "./uploads.ts";
import { assetUrl, formatAsset } from "./views.ts";
import { assets, deleteAsset, findOwnAsset, findVisibleAsset, isVisible, requireAssetId } from "./store.ts";
import { cutPage } from "../paging.ts";
import { failures, idParams, uuid } from "../schemas.ts";

const tags = ["Assets"] as const;
const USUAL_LIMIT = 10;

export const assetRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/v2/assets/upload",
    {
      config: { operation: "createAssetUpload" },
      schema: {
        operationId: "AssetsController_createUploadUrl",
        tags,
        summary: "Create an upload URL, to which the client PUTs a file",
        body: createUploadBody,
        response: { 201: uploadSlot, ...failures },
      },
    },
    async (request, reply) => {
      reply.code(201);
      return createUploadSlot(request, request.body);
    },
  );

  app.post(
    "/v2/assets",
    {
      config: { operation: "createAsset" },
      schema: {
        operationId: "AssetsController_create",
        tags,
        summary: "Register an uploaded file, or a public URL, as an asset",
        body: createAssetBody,
        response: { 201: asset, ...failures },
      },
    },
    async (request, reply) => {
      const registered = await registerAsset(request, request.body);
      reply.code(201);
      return formatAsset(registered, request.sandbox, originOf(request));
    },
  );

  app.get(
    "/v2/assets",
    {
      config: { operation: "listAssets" },
      schema: {
        operationId: "AssetsController_getAll",
        tags,
        summary: "List assets",
        querystring: assetListQuery,
        response: { 200: assetList, ...failures },
      },
    },
    async (request) => {
      const { limit = USUAL_LIMIT, cursor, sortBy, ...filter } = request.query;
      const matching = matchingAssets(request, filter);
      const { items, nextCursor } = cutPage(matching, assetOrder(sortBy), { limit, cursor });
      return {
        items: items.map((each) => formatAsset(each, request.sandbox, originOf(request))),
        ...(nextCursor !== undefined && { nextCursor }),
        totalCount: matching.length,
      };
    },
  );

  app.get(
    "/v2/assets/count",
    {
      config: { operation: "countAssets" },
      schema: {
        operationId: "AssetsController_count",
        tags,
        summary: "Count assets",
        querystring: assetFilter,
        response: { 200: z.int(), ...failures },
      },
    },
    async (request) => matchingAssets(request, request.query).length,
  );

  app.post(
    "/v2/assets/batch",
    {
      config: { operation: "getAssetsByIds" },
      schema: {
        operationId: "AssetsController_getByIds",
        tags,
        summary: "Read several assets; assets that the caller may not see are omitted",
        body: assetIdsBody,
        response: { 200: z.array(asset), ...failures },
      },
    },
    async (request) => {
      const { sandbox, body } = request;
      return [body.ids]
        .flat()
        .map((id) => assets.findOwn(request, requireAssetId(id)))
        .filter((found) => found !== undefined)
        .filter((found) => isVisible(request, found))
        .map((found) => formatAsset(found, sandbox, originOf(request)));
    },
  );

  app.get(
    "/v2/assets/uploaded",
    {
      config: { operation: "findUploadedAsset" },
      schema: {
        operationId: "AssetsController_findUploaded",
        tags,
        summary: "Find an asset that the same key has uploaded, by the digest of its file",
        querystring: uploadedAssetQuery,
        response: { 200: z.strictObject({ asset: asset.nullable() }), ...failures },
      },
    },
    async (request) => {
      const found = newestUpload(request, request.query);
      return { asset: found === undefined ? null : formatAsset(found, request.sandbox, originOf(request)) };
    },
  );

  app.get(
    "/v2/assets/:id/download",
    {
      config: { operation: "getAssetDownloadUrl" },
      schema: {
        operationId: "AssetsController_getDownloadUrl",
        tags,
        summary: "Read the URL of an asset's file, as plain text; the file needs no key",
        params: idParams,
        response: { 200: z.string(), ...failures },
      },
    },
    async (request, reply) => {
      const found = findVisibleAsset(request, request.params.id);
      return reply.type("text/plain; charset=utf-8").send(assetUrl(found.document, request.sandbox, originOf(request)));
    },
  );

  app.get(
    "/v2/assets/:id",
    {
      config: { operation: "getAsset" },
      schema: {
        operationId: "AssetsController_get",
        tags,
        summary: "Read an asset",
        params: idParams,
        response: { 200: asset, ...failures },
      },
    },
    async (request) => formatAsset(findVisibleAsset(request, request.params.id), request.sandbox, originOf(request)),
  );

  app.patch(
    "/v2/assets/:id",
    {
      config: { operation: "updateAsset" },
      schema: {
        operationId: "AssetsController_update",
        tags,
        summary: "Rename an asset, or change who sees it",
        params: idParams,
        body: updateAssetBody,
        response: { 200: asset, ...failures },
      },
    },
    async (request) => {
      const { sandbox, now, params, body } = request;
      const found = findOwnAsset(request, params.id);
      const changed = sandbox.write(() =>
        assets.replace(sandbox, found, {
          ...found.document,
          ...(body.name != null && { name: body.name }),
          ...(body.visibility != null && { visibility: body.visibility }),
          updatedAt: now,
        }),
      );
      return formatAsset(changed, sandbox, originOf(request));
    },
  );

  app.delete(
    "/v2/assets/:id",
    {
      config: { operation: "deleteAsset" },
      schema: {
        operationId: "AssetsController_delete",
        tags,
        summary: "Delete an asset of the caller",
        params: idParams,
        response: { 200: z.strictObject({ id: uuid }), ...failures },
      },
    },
    async (request) => {
      const { sandbox } = request;
      const found = findOwnAsset(request, request.params.id);
      sandbox.write(() => {
        deleteAsset(request, found);
      });
      return { id: found.id };
    },
  );
};
