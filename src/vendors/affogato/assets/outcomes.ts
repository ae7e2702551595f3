/** What the routes of assets, characters and resources answer, and how to get it. */
import type { Operation } from "../../../http/journal/operations.ts";
import type { Outcome, Provocation, Source } from "../../../http/errors/outcome.ts";
import { imageText, keyed, on, tooLong, withAsset } from "../provocations.ts";

const slotBody = { size: { height: 512, width: 512 } } as const;

/** A POST or PUT that is refused for its body: none of the required fields, or too much. */
const refusing = (operation: Operation, route: Provocation): readonly Outcome[] => [
  { operation, status: 400, code: "GE03", source: "inferred", provoke: { ...route, body: {} } },
  { operation, status: 413, code: "GE13", source: "inferred", provoke: { ...route, body: { prompt: tooLong } } },
  ...keyed(operation, route),
];

const listing = (operation: Operation, path: string, source: Source): readonly Outcome[] => {
  const route = on("GET", path);
  return [
    { operation, status: 200, source, provoke: { ...withAsset, ...route } },
    {
      operation,
      status: 400,
      code: "GE03",
      source: "inferred",
      provoke: { ...route, path: `${path}?page_size=51` },
    },
    ...keyed(operation, route),
  ];
};

const character = {
  asset_id: "{data.asset.id}",
  character_type: "realistic",
  name: "Ada",
  prompt: "a woman",
} as const;
const createCharacter: Provocation = { ...withAsset, ...on("POST", "/pub/v1/characters", character) };
const withCharacter = {
  ...withAsset,
  before: [...withAsset.before, on("POST", "/pub/v1/characters", character)],
} as const;
const updateCharacter: Provocation = { ...withCharacter, ...on("PUT", "/pub/v1/characters/{data.id}", character) };
const archive = on("POST", "/pub/v1/assets/archive", { ids: ["{data.asset.id}"] });
const readAsset = on("GET", "/pub/v2/assets/{data.asset.id}");

export const assetOutcomes: readonly Outcome[] = [
  {
    operation: "createAssetUpload",
    status: 201,
    source: "doc",
    provoke: on("POST", "/pub/v1/assets/upload", slotBody),
  },
  ...refusing("createAssetUpload", on("POST", "/pub/v1/assets/upload", slotBody)),
  {
    operation: "createAssetUploadV2",
    status: 201,
    source: "doc",
    provoke: on("POST", "/pub/v2/assets/upload?type=video", slotBody),
  },
  ...refusing("createAssetUploadV2", on("POST", "/pub/v2/assets/upload", slotBody)),
  {
    operation: "uploadBytes",
    status: 200,
    source: "client",
    provoke: {
      method: "PUT",
      path: "{data.upload_url}",
      rawBody: imageText,
      before: [on("POST", "/pub/v1/assets/upload", slotBody)],
    },
  },
  { operation: "archiveAssets", status: 200, source: "doc", provoke: { ...withAsset, ...archive } },
  { operation: "archiveAssets", status: 400, code: "GE03", source: "inferred", provoke: { ...archive, body: {} } },
  {
    operation: "archiveAssets",
    status: 404,
    code: "GE04",
    source: "inferred",
    provoke: { ...archive, body: { ids: ["ast_0000000000"] } },
  },
  ...keyed("archiveAssets", archive),
  ...listing("listAssets", "/pub/v1/assets", "inferred"),
  ...listing("listAssetsV2", "/pub/v2/assets", "inferred"),
  { operation: "getAssetV2", status: 200, source: "doc", provoke: { ...withAsset, ...readAsset } },
  {
    operation: "getAssetV2",
    status: 404,
    code: "GE04",
    source: "inferred",
    provoke: { ...withAsset, ...readAsset, account: "other" },
  },
  ...keyed("getAssetV2", readAsset),
  { operation: "createCharacter", status: 201, source: "doc", provoke: createCharacter },
  {
    operation: "createCharacter",
    status: 400,
    code: "GE10",
    source: "inferred",
    provoke: { ...createCharacter, body: { ...character, asset_id: "ast_0000000000" } },
  },
  {
    operation: "createCharacter",
    status: 400,
    code: "GE11",
    source: "inferred",
    provoke: { ...createCharacter, times: 2 },
  },
  ...refusing("createCharacter", on("POST", "/pub/v1/characters", character)),
  {
    operation: "listCharacters",
    status: 200,
    source: "inferred",
    provoke: { ...withCharacter, ...on("GET", "/pub/v1/characters") },
  },
  ...listing("listCharacters", "/pub/v1/characters", "inferred").slice(1),
  { operation: "updateCharacter", status: 200, source: "inferred", provoke: updateCharacter },
  {
    operation: "updateCharacter",
    status: 404,
    code: "GE04",
    source: "inferred",
    provoke: { ...withAsset, ...on("PUT", "/pub/v1/characters/chr_0000000000", character) },
  },
  ...refusing("updateCharacter", on("PUT", "/pub/v1/characters/chr_0000000000", character)),
  ...listing("listModels", "/pub/v1/models", "client"),
  ...listing("listLoras", "/pub/v1/loras", "inferred"),
  ...listing("listStyles", "/pub/v1/styles", "client"),
  ...listing("listControlnets", "/pub/v1/controlnets", "doc"),
  ...listing("listVoices", "/pub/v1/voices", "inferred"),
];
