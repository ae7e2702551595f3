/** Serves the asset routes [doc: api-reference/endpoint/assets and assets_v2]. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { archiveAssets, assetTypes, findOwnAsset, inspectUploads, listAssets, openAsset } from "./store.ts";
import { assetV1, assetV2, slot, slotBody, slotV1 } from "./schemas.ts";
import { formatAssetV1, formatAssetV2, formatSlotV2 } from "./views.ts";
import { formatPage, formatSuccess, pageOf, sliceOf, successOf } from "../envelope.ts";
import { failures, pageQuery } from "../schemas.ts";
import { settingsOf } from "../settings.ts";
import { placeOf } from "../place.ts";

const tags = ["Assets"] as const;

export const assetRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/pub/v1/assets/upload",
    {
      config: { operation: "createAssetUpload" },
      schema: { summary: "Upload Asset", tags, body: slotBody, response: { 200: slotV1, 201: slotV1, ...failures } },
    },
    async (request, reply) => {
      const place = placeOf(request);
      const { asset, uploadUrl } = openAsset(request, place.origin, { type: "image", size: sizeIn(request.body) });
      reply.code(settingsOf(request.sandbox).uploadStatus);
      return formatSuccess({ asset: formatAssetV1(asset, place), upload_url: uploadUrl });
    },
  );

  app.post(
    "/pub/v2/assets/upload",
    {
      config: { operation: "createAssetUploadV2" },
      schema: {
        summary: "Upload Asset V2",
        tags,
        querystring: z.object({ type: z.enum(assetTypes).default("image") }),
        body: slotBody,
        response: { 200: slot, 201: slot, ...failures },
      },
    },
    async (request, reply) => {
      const place = placeOf(request);
      const wanted = { type: request.query.type, size: sizeIn(request.body) };
      const { asset, uploadUrl } = openAsset(request, place.origin, wanted);
      reply.code(settingsOf(request.sandbox).uploadStatus);
      return formatSuccess(formatSlotV2(asset, uploadUrl, place));
    },
  );

  app.post(
    "/pub/v1/assets/archive",
    {
      config: { operation: "archiveAssets" },
      schema: {
        summary: "Archive Assets",
        tags,
        body: z.looseObject({ ids: z.array(z.string()).min(1) }),
        response: { 200: successOf(z.array(assetV1)), ...failures },
      },
    },
    async (request) => {
      await inspectUploads(request, request.body.ids);
      const archived = archiveAssets(request, request.body.ids);
      return formatSuccess(archived.map((asset) => formatAssetV1(asset, placeOf(request))));
    },
  );

  app.get(
    "/pub/v1/assets",
    {
      config: { operation: "listAssets" },
      schema: {
        summary: "List Assets",
        tags,
        querystring: pageQuery,
        response: { 200: pageOf(z.array(assetV1)), ...failures },
      },
    },
    async (request) => {
      await inspectUploads(request);
      const all = listAssets(request);
      const page = sliceOf(all, request.query).map((asset) => formatAssetV1(asset, placeOf(request)));
      return formatPage(page, request.query, all.length);
    },
  );

  app.get(
    "/pub/v2/assets",
    {
      config: { operation: "listAssetsV2" },
      schema: {
        summary: "List Assets V2",
        tags,
        querystring: pageQuery,
        response: { 200: pageOf(z.array(assetV2)), ...failures },
      },
    },
    async (request) => {
      await inspectUploads(request);
      const all = listAssets(request);
      const page = sliceOf(all, request.query).map((asset) => formatAssetV2(asset, placeOf(request)));
      return formatPage(page, request.query, all.length);
    },
  );

  app.get(
    "/pub/v2/assets/:asset_id",
    {
      config: { operation: "getAssetV2" },
      schema: {
        summary: "Get Asset V2",
        tags,
        params: z.object({ asset_id: z.string() }),
        response: { 200: successOf(assetV2), ...failures },
      },
    },
    async (request) => {
      await inspectUploads(request, request.params.asset_id);
      const asset = findOwnAsset(request, request.params.asset_id);
      return formatSuccess(formatAssetV2(asset, placeOf(request)));
    },
  );
};

function sizeIn({ size: { height, width } }: z.output<typeof slotBody>): { height: number; width: number } {
  return { height, width };
}
