/** Lists every response of the asset routes, each with a request that provokes it. */
import type { Outcome } from "../../../http/errors/outcome.ts";
import { imageText, keyed, listing, on, refusing, withAsset } from "../provocations.ts";

const slotBody = { size: { height: 512, width: 512 } } as const;

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
];
