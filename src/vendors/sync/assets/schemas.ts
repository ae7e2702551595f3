/**
 * Defines the request and response bodies of the asset routes [sdk: Asset.d.ts], with keys in the order of the
 * documentation's example.
 */
import { z } from "zod";
import { queryInteger, queryList } from "../../../http/parsing/query-codecs.ts";
import { isoTime, oneOf, uuid } from "../schemas.ts";

const assetType = oneOf("AUDIO", "VIDEO", "IMAGE");
const visibility = oneOf("USER", "ORGANIZATION");
const text = z.string("must be a string");

export const asset = z.strictObject({
  id: uuid,
  createdAt: isoTime,
  updatedAt: isoTime,
  type: assetType,
  visibility,
  name: z.string().optional(),
  url: z.string().optional(),
  size: z.int().optional().meta({ description: "Bytes" }),
  format: z.string().optional().meta({ description: "File format, such as mp4" }),
  inputType: z.enum(["UPLOAD", "URL", "RECORD", "TTS", "EXTRACT", "PLATFORM_IMPORT"]).optional(),
  durationSeconds: z.number().optional(),
  thumbnailUrl: z.string().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  projectId: uuid.nullable(),
});

export type AssetView = z.output<typeof asset>;

export const assetList = z.strictObject({
  items: z.array(asset),
  nextCursor: z.string().optional(),
  totalCount: z.int().optional(),
});

export const createUploadBody = z.looseObject({
  fileName: text.min(1, "should not be empty"),
  contentType: text.regex(/^[\w.+-]+\/[\w.+-]+(?:\s*;.*)?$/, "must be a content type"),
  size: z.int("must be an integer number").min(1, "must not be less than 1").meta({ description: "Bytes" }),
});

export const uploadSlot = z.strictObject({
  uploadUrl: z.url().meta({ description: "PUT the bytes to this URL, with the same content type and without a key" }),
  url: z.url().meta({ description: "Register this URL with POST /v2/assets" }),
  expiresIn: z.literal(3600).meta({ description: "Seconds" }),
});

export const createAssetBody = z.looseObject({
  url: z.url({ protocol: /^https?$/, error: "must be a URL address" }),
  type: assetType,
  name: text.nullish(),
  visibility: visibility.nullish(),
  projectId: uuid.nullish(),
});

export const updateAssetBody = z.looseObject({
  name: text.nullish(),
  visibility: visibility.nullish(),
});

const sorts = [
  "nameAsc",
  "nameDesc",
  "dateAsc",
  "dateDesc",
  "durationAsc",
  "durationDesc",
  "sizeAsc",
  "sizeDesc",
  "kindAsc",
  "kindDesc",
] as const;

export type AssetSort = (typeof sorts)[number];

/** Filter of a list of assets. `types` is JSON text from the SDK [sdk], a list with commas [doc], or repeated keys. */
export const assetFilter = z.object({
  projectId: uuid.optional(),
  userId: z
    .string()
    .optional()
    .meta({ description: "Id of a user of the organisation; only the full specification has this parameter" }),
  searchQuery: z.string().optional().meta({ description: "Text in the name, regardless of case" }),
  types: queryList.pipe(z.array(assetType)).optional(),
});

export type AssetFilter = z.output<typeof assetFilter>;

export const assetListQuery = assetFilter.extend({
  limit: queryInteger({ min: 1, max: 100 }).optional().meta({ description: "10 by default" }),
  cursor: z.string().optional(),
  sortBy: z.enum(sorts, `must be one of the following values: ${sorts.join(", ")}`).optional(),
});

/** Query of the search for an upload [doc: assets-api/find-uploaded]; that only the digest is required is [inferred]. */
export const uploadedAssetQuery = z.object({
  contentSha256: z
    .string("must be a string")
    .regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits")
    .meta({ description: "SHA-256 of the file" }),
  type: assetType.optional(),
});

export const assetIdsBody = z.looseObject({
  ids: z.union(
    [text, z.array(text).min(1, "should not be empty").max(100, "must contain no more than 100 elements")],
    "must be a string or an array of strings",
  ),
});
