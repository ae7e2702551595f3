/** Lists the responses that affogato publishes, written down apart from the emulator's code. */
import type { Answer, PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import type { Field, Shape } from "./shape.ts";
import {
  array,
  boolean,
  integerFrom,
  literal,
  matching,
  number,
  object,
  oneOf,
  optional,
  someText,
  text,
  unixSeconds,
  url,
  variants,
} from "./shape.ts";

const route = describeRoutes("affogato");

// On success the examples show an empty object, neither null nor absent.
const noError = object({});

const success = (data: Shape): Shape => object({ data, err: noError }, { order: true });

const pagination = object(
  { page: integerFrom(1), page_size: integerFrom(1, 50), total: integerFrom(0) },
  { order: true },
);
const page = (data: Shape): Shape => object({ data, err: noError, pagination }, { order: true });

/**
 * The body of an error. No page shows a response that is not 2xx. One example prints the members code and message of
 * err; null data, the statuses and the codes (except GE09, which a client reports) are inferred.
 */
const failure = (status: number, source: Answer["source"] = "inferred"): Answer => ({
  status,
  body: object(
    { data: literal(null), err: object({ code: someText, message: someText }, { order: true }) },
    { order: true },
  ),
  source,
});

const keyed = [failure(401), failure(429), failure(500)] as const;

/** A prefix and ten base62 characters, as in every real id. */
const id = (...prefixes: readonly string[]): Shape =>
  matching(new RegExp(`^(?:${prefixes.join("|")})_[A-Za-z0-9]{10}$`), `an id with prefix ${prefixes.join(" or ")}`);

const generationId = id("gen");
const mediaId = id("img", "vid");
// Examples show assets with eight characters, and characters with three prefixes.
const assetId = matching(/^ast_[A-Za-z0-9]{8,10}$/, "an asset id");
const characterId = matching(/^(?:chr|char|character)_[A-Za-z0-9]+$/, "a character id");

const size = object({ height: integerFrom(1), width: integerFrom(1) }, { order: true });

const mediaType = oneOf("image", "video");

/** No url yet. A model or style that the request does not name is absent [inferred]. */
const createdMedia = object(
  {
    id: mediaId,
    dim: size,
    model: optional(someText),
    status: literal("initiated"),
    style: optional(someText),
    style_detail: optional(object({ name: someText, base_model: someText }, { order: true })),
    type: mediaType,
  },
  { order: true },
);

const created = object(
  {
    credits_remaining: number,
    generation_id: generationId,
    // The page is cut before this key; a client's copy of the example has it, without its place among the others.
    result: literal("initiated"),
    media: array(createdMedia, { min: 1 }),
  },
  { order: ["credits_remaining", "generation_id", "media"] },
);

/** The documented rule: success has the URL, failed has an empty URL, pending has no such key. */
const mediaItem = (status: string, urlField: Readonly<Record<string, Field>>): Shape =>
  object({ id: mediaId, dim: size, type: mediaType, status: literal(status), ...urlField }, { order: true });

const mediaStates = {
  pending: mediaItem("pending", {}),
  success: mediaItem("success", { url }),
  // A censored output shows failed here too [inferred].
  failed: mediaItem("failed", { url: literal("") }),
} as const;

const anyMedia = variants("status", mediaStates);

/** Deleting single outputs can leave a generation without outputs. */
const generation = object(
  { created_at: unixSeconds, generation_id: generationId, media: array(anyMedia) },
  { order: true },
);

const finishedStatus = oneOf("success", "failed", "censored");
const imageStatus = (status: Shape): Shape => object({ image_id: mediaId, status }, { order: true });

const deleted = (deletedId: Shape): Shape => success(object({ id: deletedId }));

const assetType = oneOf("image", "video", "audio");

/** v1: key order as in the examples. */
const asset = (status: Shape): Shape =>
  object(
    {
      data: object({ size, url }, { order: true }),
      id: assetId,
      status,
      tags: array(someText),
      type: assetType,
    },
    { order: true },
  );

const assetStatus = oneOf("pending", "active", "archive", "failed");

/** v2: the fields are listed in a page's introduction, without an example. */
const assetV2 = object(
  {
    size: optional(size),
    url: optional(text),
    id: assetId,
    type: assetType,
    status: assetStatus,
    duration: optional(number),
    frames: optional(integerFrom(0)),
  },
  {
    rules: [
      {
        says: "duration only for video and audio, frames only for video",
        holds: ({ type, ...rest }) =>
          !("duration" in rest && type === "image") && !("frames" in rest && type !== "video"),
      },
      {
        says: "a size for images and videos",
        holds: ({ type, size: extent }) => type === "audio" || extent !== undefined,
      },
    ],
  },
);

const characterFields = {
  character_type: oneOf("realistic", "stylized"),
  input_image: someText,
  name: someText,
  prompt: text,
  id: characterId,
} as const;
const character = object(characterFields, { order: true });

const resource = object({ name: someText, base_model: someText }, { order: true });

const resources = (operation: string, path: string, source: Answer["source"]): readonly PublishedResponse[] =>
  route(operation, `GET ${path}`, [{ status: 200, body: page(array(resource)), source }, failure(400), ...keyed]);

export const affogatoResponses: readonly PublishedResponse[] = [
  ...route("createGeneration", "POST /pub/v1/generations", [
    { status: 202, body: success(created), source: "client", note: "202 is what the one client that checks accepts" },
    // GE09 (invalid styles) is the one real code that a client reports; its status is not recorded.
    failure(400, "client"),
    { ...failure(402), note: "402 or 403: nothing says what lacking credits answer" },
    failure(413),
    ...keyed,
  ]),
  ...route("estimateCost", "POST /pub/v1/generations/estimate", [
    {
      status: 200,
      body: object(
        { data: object({ estimated: number, balance: number }, { order: true }), error: noError },
        { order: true },
      ),
      source: "doc",
      note: "error, where every other answer says err",
    },
    failure(400),
    failure(413),
    ...keyed,
  ]),
  ...route("listGenerations", "GET /pub/v1/generations", [
    { status: 200, body: page(array(generation)), source: "doc" },
    failure(400),
    ...keyed,
  ]),
  ...route("getGeneration", "GET /pub/v1/generations/{generation_id}", [
    {
      status: 200,
      body: page(generation),
      source: "doc",
      note: "only outputs have states; pagination beside a single object is odd, but published",
    },
    failure(404),
    ...keyed,
  ]),
  ...route("getMedia", "GET /pub/v1/generations/media/{media_id}", [
    ...Object.entries(mediaStates).map(([state, media]): Answer => ({
      status: 200,
      state,
      body: success(media),
      source: "doc",
    })),
    failure(404),
    ...keyed,
  ]),
  ...route("getGenerationStatus", "GET /pub/v1/generations/{generation_id}/status", [
    {
      status: 200,
      body: success(array(imageStatus(finishedStatus))),
      source: "seed",
      note: "the enum has no word for unfinished images, so they are left out",
    },
    failure(404),
    ...keyed,
  ]),
  ...route("getImageStatus", "GET /pub/v1/generations/{generation_id}/images/{image_id}/status", [
    ...["success", "failed", "censored"].map((state): Answer => ({
      status: 200,
      state,
      body: success(imageStatus(literal(state))),
      source: "doc",
    })),
    {
      status: 200,
      state: "pending",
      body: success(object({ image_id: mediaId })),
      source: "inferred",
      note: "neither a status outside the enum nor a 404 for an image that exists",
    },
    failure(404),
    ...keyed,
  ]),
  ...route("deleteGeneration", "DELETE /pub/v1/generations/{generation_id}", [
    { status: 200, body: deleted(generationId), source: "doc" },
    failure(404),
    ...keyed,
  ]),
  ...route("deleteMedia", "DELETE /pub/v1/generations/media/{media_id}", [
    { status: 200, body: deleted(mediaId), source: "inferred", note: "the members of data are past the cut" },
    failure(404),
    ...keyed,
  ]),
  ...route("deleteImage", "DELETE /pub/v1/generations/{generation_id}/images/{image_id}", [
    { status: 200, body: deleted(mediaId), source: "inferred", note: "the members of data are past the cut" },
    failure(404),
    ...keyed,
  ]),
  ...route("createAssetUpload", "POST /pub/v1/assets/upload", [
    {
      status: 201,
      body: success(object({ asset: asset(literal("pending")), upload_url: url }, { order: true })),
      source: "doc",
    },
    failure(400),
    failure(413),
    ...keyed,
  ]),
  ...route("uploadBytes", "PUT {upload_url}", [{ status: 200, body: "empty", source: "client" }]),
  ...route("archiveAssets", "POST /pub/v1/assets/archive", [
    { status: 200, body: success(array(asset(literal("archive")))), source: "doc" },
    failure(400),
    failure(404),
    ...keyed,
  ]),
  ...route("listAssets", "GET /pub/v1/assets", [
    { status: 200, body: page(array(asset(assetStatus))), source: "inferred", note: "its page was not seen" },
    failure(400),
    ...keyed,
  ]),
  ...route("createAssetUploadV2", "POST /pub/v2/assets/upload", [
    {
      status: 201,
      body: success(object({ size, url, id: assetId, type: assetType, upload_url: url }, { order: true })),
      source: "doc",
    },
    failure(400),
    failure(413),
    ...keyed,
  ]),
  ...route("listAssetsV2", "GET /pub/v2/assets", [
    { status: 200, body: page(array(assetV2)), source: "inferred", note: "fields are documented, their order is not" },
    failure(400),
    ...keyed,
  ]),
  ...route("getAssetV2", "GET /pub/v2/assets/{asset_id}", [
    { status: 200, body: success(assetV2), source: "doc" },
    failure(404),
    ...keyed,
  ]),
  ...route("createCharacter", "POST /pub/v1/characters", [
    { status: 201, body: success(character), source: "doc" },
    failure(400),
    failure(413),
    ...keyed,
  ]),
  ...route("listCharacters", "GET /pub/v1/characters", [
    {
      status: 200,
      body: page(
        array(
          object({ ...characterFields, system_character: optional(boolean) }, { order: Object.keys(characterFields) }),
        ),
      ),
      source: "inferred",
      note: "system_character is read by clients; pagination is inferred",
    },
    failure(400),
    ...keyed,
  ]),
  ...route("updateCharacter", "PUT /pub/v1/characters/{character_id}", [
    { status: 200, body: success(character), source: "inferred", note: "the members of data are not shown" },
    failure(400),
    failure(404),
    failure(413),
    ...keyed,
  ]),
  ...resources("listModels", "/pub/v1/models", "client"),
  ...resources("listLoras", "/pub/v1/loras", "inferred"),
  ...resources("listStyles", "/pub/v1/styles", "client"),
  ...resources("listControlnets", "/pub/v1/controlnets", "doc"),
  ...route("listVoices", "GET /pub/v1/voices", [
    {
      status: 200,
      body: page(array(object({ name: someText }))),
      source: "inferred",
      note: "the item's shape is unknown",
    },
    failure(400),
    ...keyed,
  ]),
  ...route("unknownRoute", "* {unknown}", [failure(404)]),
];
