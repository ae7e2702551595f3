/** Lists every response of the asset routes, each with a request that provokes it. */
import { createHash } from "node:crypto";
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { UNKNOWN_ID, rejectedKeys } from "../provocations.ts";

const announced = { fileName: "speaker.mp4", contentType: "video/mp4", size: 5 } as const;
const askSlot: Provocation = { account: "main", method: "POST", path: "/v2/assets/upload", body: announced };
const put: Provocation = {
  method: "PUT",
  path: "{uploadUrl}",
  rawBody: "bytes",
  headers: { "content-type": "video/mp4" },
};
const register: Provocation = {
  account: "main",
  method: "POST",
  path: "/v2/assets",
  body: { url: "{url}", type: "VIDEO" },
};
const external: Provocation = { ...register, body: { url: "https://media.test/speaker.mp4", type: "VIDEO" } };

const on = (method: string, path: string, body?: unknown): Provocation => ({
  account: "main",
  method,
  path,
  ...(body !== undefined && { body }),
  before: [external],
});
const list: Provocation = { account: "main", method: "GET", path: "/v2/assets" };
const count: Provocation = { account: "main", method: "GET", path: "/v2/assets/count?types=VIDEO" };
const byIds: Provocation = on("POST", "/v2/assets/batch", { ids: ["{id}", UNKNOWN_ID] });
const read = on("GET", "/v2/assets/{id}");
const update = on("PATCH", "/v2/assets/{id}", { name: "Renamed", visibility: "ORGANIZATION" });
const remove = on("DELETE", "/v2/assets/{id}");
const digest = createHash("sha256").update("bytes").digest("hex");
const findUploaded: Provocation = {
  account: "main",
  method: "GET",
  path: `/v2/assets/uploaded?contentSha256=${digest}&type=VIDEO`,
};
const downloadUrl = on("GET", "/v2/assets/{id}/download");
const path = (id: string) => ({ path: `/v2/assets/${id}` });

export const assetOutcomes: readonly Outcome[] = [
  { operation: "createAssetUpload", status: 201, source: "doc", provoke: askSlot },
  { operation: "createAssetUpload", status: 400, source: "doc", provoke: { ...askSlot, body: {} } },
  {
    operation: "createAssetUpload",
    status: 422,
    code: "file_size_exceeds_plan_limit",
    source: "inferred",
    provoke: { ...askSlot, body: { ...announced, size: 6 * 1024 ** 3 } },
  },
  {
    operation: "createAssetUpload",
    status: 429,
    code: "Rate limit exceeded",
    source: "doc",
    provoke: { ...askSlot, account: "limited", times: 121 },
  },
  ...rejectedKeys("createAssetUpload", askSlot),
  { operation: "uploadBytes", status: 200, source: "client", provoke: { ...put, before: [askSlot] } },

  { operation: "createAsset", status: 201, source: "inferred", provoke: { ...register, before: [askSlot, put] } },
  { operation: "createAsset", status: 201, source: "doc", provoke: external },
  { operation: "createAsset", status: 400, source: "inferred", provoke: { ...register, body: { type: "SCENT" } } },
  {
    operation: "createAsset",
    status: 422,
    code: "uploaded_file_not_found",
    source: "doc",
    provoke: { ...register, before: [askSlot] },
  },
  {
    operation: "createAsset",
    status: 422,
    code: "file_not_in_org_storage",
    source: "doc",
    provoke: { ...register, account: "other", before: [askSlot, put] },
  },
  {
    operation: "createAsset",
    status: 422,
    code: "project_not_found",
    source: "doc",
    provoke: { ...external, body: { url: "https://media.test/speaker.mp4", type: "VIDEO", projectId: UNKNOWN_ID } },
  },
  ...rejectedKeys("createAsset", external),

  { operation: "listAssets", status: 200, source: "sdk", provoke: { ...list, before: [external] } },
  { operation: "listAssets", status: 400, source: "inferred", provoke: { ...list, path: "/v2/assets?limit=101" } },
  { operation: "listAssets", status: 400, source: "inferred", provoke: { ...list, path: "/v2/assets?cursor=none" } },
  ...rejectedKeys("listAssets", list),
  { operation: "countAssets", status: 200, source: "doc", provoke: count },
  {
    operation: "countAssets",
    status: 400,
    source: "inferred",
    provoke: { ...count, path: `${count.path}&projectId=x` },
  },
  ...rejectedKeys("countAssets", count),
  { operation: "getAssetsByIds", status: 200, source: "doc", provoke: byIds },
  { operation: "getAssetsByIds", status: 400, source: "inferred", provoke: { ...byIds, body: {} } },
  {
    operation: "getAssetsByIds",
    status: 400,
    code: "invalid_asset_id_format",
    source: "inferred",
    provoke: { ...byIds, body: { ids: "speaker" } },
  },
  ...rejectedKeys("getAssetsByIds", byIds),

  {
    operation: "findUploadedAsset",
    status: 200,
    code: "speaker.mp4",
    sign: "",
    source: "doc",
    provoke: { ...findUploaded, before: [askSlot, put, { ...register, body: { url: "{url}", type: "VIDEO" } }] },
  },
  { operation: "findUploadedAsset", status: 200, code: '"asset":null', source: "doc", provoke: findUploaded },
  {
    operation: "findUploadedAsset",
    status: 400,
    source: "doc",
    provoke: { ...findUploaded, path: "/v2/assets/uploaded?contentSha256=ABC" },
  },
  ...rejectedKeys("findUploadedAsset", findUploaded),
  {
    operation: "getAssetDownloadUrl",
    status: 200,
    code: "https://media.test/speaker.mp4",
    sign: "",
    source: "doc",
    provoke: downloadUrl,
  },
  {
    operation: "getAssetDownloadUrl",
    status: 400,
    code: "invalid_asset_id_format",
    source: "inferred",
    provoke: { ...downloadUrl, path: "/v2/assets/speaker/download" },
  },
  {
    operation: "getAssetDownloadUrl",
    status: 404,
    code: "asset_not_found",
    source: "doc",
    provoke: { ...downloadUrl, account: "other" },
  },
  ...rejectedKeys("getAssetDownloadUrl", downloadUrl),

  { operation: "getAsset", status: 200, source: "doc", provoke: read },
  {
    operation: "getAsset",
    status: 400,
    code: "invalid_asset_id_format",
    source: "inferred",
    provoke: { ...read, ...path("speaker") },
  },
  {
    operation: "getAsset",
    status: 404,
    code: "asset_not_found",
    source: "doc",
    provoke: { ...read, ...path(UNKNOWN_ID) },
  },
  {
    operation: "getAsset",
    status: 404,
    code: "asset_not_found",
    source: "inferred",
    provoke: { ...read, account: "other" },
  },
  ...rejectedKeys("getAsset", read),
  { operation: "updateAsset", status: 200, source: "doc", provoke: update },
  { operation: "updateAsset", status: 400, source: "inferred", provoke: { ...update, body: { visibility: "ALL" } } },
  {
    operation: "updateAsset",
    status: 403,
    code: "asset_forbidden",
    source: "inferred",
    provoke: { ...update, account: "main", user: "colleague" },
  },
  {
    operation: "updateAsset",
    status: 404,
    code: "asset_not_found",
    source: "doc",
    provoke: { ...update, ...path(UNKNOWN_ID) },
  },
  {
    operation: "updateAsset",
    status: 400,
    code: "invalid_asset_id_format",
    source: "inferred",
    provoke: { ...update, ...path("speaker") },
  },
  ...rejectedKeys("updateAsset", update),
  { operation: "deleteAsset", status: 200, source: "doc", provoke: remove },
  {
    operation: "deleteAsset",
    status: 403,
    code: "asset_forbidden",
    source: "doc",
    provoke: { ...remove, account: "main", user: "colleague" },
  },
  {
    operation: "deleteAsset",
    status: 404,
    code: "asset_not_found",
    source: "doc",
    provoke: { ...remove, account: "other" },
  },
  {
    operation: "deleteAsset",
    status: 400,
    code: "invalid_asset_id_format",
    source: "inferred",
    provoke: { ...remove, ...path("speaker") },
  },
  ...rejectedKeys("deleteAsset", remove),
];
