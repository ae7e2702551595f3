/** Checks whether a request may use the assets that it names. */
import { invalidAsset } from "../errors.ts";
import type { Asset, AssetType } from "./store.ts";

/**
 * Returns the asset with this id, if it is active and of the required type. Otherwise throws `Invalid asset` [client:
 * an asset must be active; inferred: the answer].
 */
export function requireActive(assets: ReadonlyMap<string, Asset>, id: string, type: AssetType): Asset {
  const asset = assets.get(id);
  if (asset === undefined) throw invalidAsset(id, "does not exist");
  if (asset.status !== "active") throw invalidAsset(id, `is ${asset.status}`);
  if (asset.type !== type) throw invalidAsset(id, `is not of type ${type}`);
  return asset;
}
