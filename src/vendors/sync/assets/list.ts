/** Filters and sorts the assets of a list. */
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { findUpload } from "../../../http/uploads/receive.ts";
import type { AssetFilter, AssetSort, uploadedAssetQuery } from "./schemas.ts";
import { assets, isInProject, isVisible, type Asset } from "./store.ts";
import type { Order } from "../paging.ts";

/** Returns the organisation's assets that the caller may see and the filter matches, oldest first. */
export function matchingAssets(request: FastifyRequest, filter: AssetFilter): Asset[] {
  const { projectId, userId, types } = filter;
  const wanted = filter.searchQuery?.toLowerCase();
  return assets
    .ofAccount(request.sandbox, request.account)
    .filter((asset) => isVisible(request, asset))
    .filter((asset) => projectId === undefined || isInProject(asset, projectId))
    .filter(({ document }) => userId === undefined || document.user === userId)
    .filter(({ document }) => types === undefined || types.length === 0 || types.includes(document.type))
    .filter(({ document }) => wanted === undefined || (document.name ?? "").toLowerCase().includes(wanted));
}

/** Returns the newest uploaded asset of the key's user with these bytes [doc: assets-api/find-uploaded]. */
export function newestUpload(
  { sandbox, account, user }: FastifyRequest,
  { contentSha256, type }: z.output<typeof uploadedAssetQuery>,
): Asset | undefined {
  return assets
    .ofAccount(sandbox, account)
    .filter(({ document }) => document.user === user && (type === undefined || document.type === type))
    .findLast(({ document: { uploadToken } }) =>
      uploadToken === undefined ? false : findUpload(sandbox, uploadToken)?.sha256 === contentSha256,
    );
}

/** Returns the order of a list, by default newest first [inferred: the SDK's example asks for dateDesc]. */
export function assetOrder(sortBy: AssetSort = "dateDesc"): Order<Asset> {
  return { valueOf: VALUES[fieldOf(sortBy)], direction: sortBy.endsWith("Asc") ? "ascending" : "descending" };
}

const VALUES = {
  name: ({ document }: Asset) => (document.name ?? "").toLowerCase(),
  // Assets of the same instant are in the order of their creation.
  date: ({ createdAt, rowId }: Asset) => `${createdAt} ${String(rowId).padStart(12, "0")}`,
  duration: ({ document }: Asset) => document.durationSeconds ?? 0,
  size: ({ document }: Asset) => document.size ?? 0,
  kind: ({ document }: Asset) => document.type,
} as const;

function fieldOf(sortBy: AssetSort): keyof typeof VALUES {
  switch (sortBy) {
    case "nameAsc":
    case "nameDesc":
      return "name";
    case "dateAsc":
    case "dateDesc":
      return "date";
    case "durationAsc":
    case "durationDesc":
      return "duration";
    case "sizeAsc":
    case "sizeDesc":
      return "size";
    case "kindAsc":
    case "kindDesc":
      return "kind";
  }
}
