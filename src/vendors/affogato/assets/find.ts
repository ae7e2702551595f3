/** Which of the assets that a request names it may use. */
import { invalidAsset } from "../errors.ts";
import type { Asset, AssetType } from "./store.ts";

/** The asset of this id, where it can be used and is of the type that is needed. Throws `Invalid asset` [client: an asset must be active; inferred: the answer]. */
export function requireActive(assets: ReadonlyMap<string, Asset>, id: string, type: AssetType): Asset {
  const asset = assets.get(id);
  if (asset === undefined) throw invalidAsset(id, "does not exist");
  if (asset.status !== "active") throw invalidAsset(id, `is ${asset.status}`);
  if (asset.type !== type) throw invalidAsset(id, `is not of type ${type}`);
  return asset;
}
