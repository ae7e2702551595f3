/** Lists the published responses of sync's assets and projects. */
import type { PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import {
  array,
  integerFrom,
  isoMillis,
  literal,
  nullable,
  number,
  object,
  oneOf,
  optional,
  someText,
  text,
  url,
  uuid,
} from "./shape.ts";
import { badRequest, keyed, plainError, refusal, refusals } from "./sync-errors.ts";

const route = describeRoutes("sync");

/** Key order as in the example of assets-api/get, projectId (developer-guides/projects) after it. */
const asset = object(
  {
    id: uuid,
    createdAt: isoMillis,
    updatedAt: isoMillis,
    type: oneOf("AUDIO", "VIDEO", "IMAGE"),
    visibility: oneOf("USER", "ORGANIZATION"),
    name: optional(nullable(text)),
    url: optional(nullable(url)),
    size: optional(nullable(integerFrom(0))),
    format: optional(nullable(someText)),
    inputType: optional(nullable(oneOf("UPLOAD", "URL", "RECORD", "TTS", "EXTRACT", "PLATFORM_IMPORT"))),
    durationSeconds: optional(nullable(number)),
    thumbnailUrl: optional(nullable(url)),
    width: optional(nullable(integerFrom(1))),
    height: optional(nullable(integerFrom(1))),
    projectId: optional(nullable(uuid)),
  },
  { order: true },
);

const assetNotFound = refusal(404, "asset_not_found");
const malformedAssetId = refusal(400, "invalid_asset_id_format", "inferred");
const projectNotFoundInBody = refusal(422, "project_not_found");

const project = object(
  {
    id: uuid,
    createdAt: isoMillis,
    updatedAt: isoMillis,
    visibility: oneOf("USER", "ORGANIZATION"),
    mode: oneOf("CREATOR", "DEVELOPER"),
    name: optional(nullable(text)),
    description: optional(nullable(text)),
    defaultWorkflow: optional(
      nullable(
        oneOf(
          "lipsync",
          "translate_and_dub",
          "change_appearance",
          "image_to_video",
          "edit_dialogue",
          "assistant",
          "timeline",
        ),
      ),
    ),
  },
  { order: true },
);

const projectNotFound = refusal(404, "project_not_found");

export const syncAssetResponses: readonly PublishedResponse[] = [
  ...route("createAssetUpload", "POST /v2/assets/upload", [
    { status: 201, body: object({ uploadUrl: url, url, expiresIn: literal(3600) }, { order: true }), source: "doc" },
    badRequest(),
    refusals(422),
    ...keyed,
  ]),
  ...route("uploadBytes", "PUT {uploadUrl}", [
    { status: 200, body: "empty", source: "inferred", note: "the storage's answer, which no page shows" },
  ]),
  ...route("createAsset", "POST /v2/assets", [
    { status: 201, body: asset, source: "inferred", note: "the HTTP status is not visible" },
    badRequest(),
    projectNotFoundInBody,
    refusals(422),
    ...keyed,
  ]),
  ...route("listAssets", "GET /v2/assets", [
    {
      status: 200,
      body: object(
        { items: array(asset), nextCursor: optional(someText), totalCount: optional(integerFrom(0)) },
        { order: true },
      ),
      source: "sdk",
      note: "the last page has no nextCursor: the type says optional, nothing says null",
    },
    badRequest(),
    ...keyed,
  ]),
  ...route("countAssets", "GET /v2/assets/count", [
    { status: 200, body: integerFrom(0), source: "doc", note: "a bare integer" },
    badRequest(),
    ...keyed,
  ]),
  ...route("getAssetsByIds", "POST /v2/assets/batch", [
    { status: 200, body: array(asset), source: "inferred", note: "the HTTP status is not stated" },
    badRequest(),
    malformedAssetId,
    ...keyed,
  ]),
  ...route("findUploadedAsset", "GET /v2/assets/uploaded", [
    { status: 200, body: object({ asset: nullable(asset) }), source: "doc", note: "the newest of the same API key" },
    badRequest(),
    ...keyed,
  ]),
  ...route("getAssetDownloadUrl", "GET /v2/assets/{id}/download", [
    {
      status: 200,
      body: "text",
      headers: { "content-type": /^text\/plain/ },
      source: "doc",
      note: "the body is an unquoted URL",
    },
    malformedAssetId,
    assetNotFound,
    ...keyed,
  ]),
  ...route("getAsset", "GET /v2/assets/{id}", [
    { status: 200, body: asset, source: "doc" },
    malformedAssetId,
    assetNotFound,
    ...keyed,
  ]),
  ...route("updateAsset", "PATCH /v2/assets/{id}", [
    { status: 200, body: asset, source: "inferred" },
    badRequest(),
    malformedAssetId,
    refusal(403, "asset_forbidden", "inferred"),
    assetNotFound,
    ...keyed,
  ]),
  ...route("deleteAsset", "DELETE /v2/assets/{id}", [
    { status: 200, body: object({ id: uuid }), source: "doc" },
    malformedAssetId,
    refusal(403, "asset_forbidden"),
    assetNotFound,
    ...keyed,
  ]),
  ...route("createProject", "POST /v2/projects", [
    { status: 201, body: project, source: "inferred", note: "the HTTP status is not stated" },
    badRequest(),
    { status: 409, body: plainError(409), source: "inferred", note: "a foreign or deleted id; its code is not stated" },
    ...keyed,
  ]),
  ...route("listProjects", "GET /v2/projects", [
    {
      status: 200,
      body: object({ items: array(project), nextCursor: optional(someText) }, { order: true }),
      source: "doc",
    },
    badRequest(),
    ...keyed,
  ]),
  ...route("getProject", "GET /v2/projects/{id}", [
    { status: 200, body: project, source: "doc" },
    projectNotFound,
    ...keyed,
  ]),
  ...route("updateProject", "PATCH /v2/projects/{id}", [
    { status: 200, body: project, source: "inferred" },
    badRequest(),
    projectNotFound,
    ...keyed,
  ]),
  ...route("deleteProject", "DELETE /v2/projects/{id}", [
    { status: 200, body: object({ id: uuid }), source: "doc" },
    projectNotFound,
    {
      status: 409,
      body: plainError(409),
      source: "inferred",
      note: "refused while a generation of it runs; neither status nor code is stated",
    },
    ...keyed,
  ]),
  ...route("attachProjectAsset", "POST /v2/projects/{id}/assets", [
    { status: 204, body: "empty", source: "doc", note: "idempotent" },
    badRequest(),
    projectNotFound,
    { ...assetNotFound, source: "inferred", note: "the page has a 404, without its cause" },
    ...keyed,
  ]),
  ...route("detachProjectAsset", "DELETE /v2/projects/{id}/assets/{assetId}", [
    { status: 204, body: "empty", source: "doc", note: "also when the project has no such asset" },
    { ...malformedAssetId, source: "doc" },
    projectNotFound,
    ...keyed,
  ]),
];
