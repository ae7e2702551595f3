/** Filters and sorts the assets of a list. */
import type { FastifyRequest } from "fastify";
import type { AssetFilter, AssetSort } from "./schemas.ts";
import { assets, isVisible, type Asset } from "./store.ts";
import type { Order } from "../paging.ts";

/** Returns the organisation's assets that the caller may see and the filter matches, oldest first. */
export function matchingAssets(request: FastifyRequest, filter: AssetFilter): Asset[] {
  const { projectId, userId, types } = filter;
  const wanted = filter.searchQuery?.toLowerCase();
  return assets
    .ofAccount(request.sandbox, request.account)
    .filter((asset) => isVisible(request, asset))
    .filter(({ document }) => projectId === undefined || document.projectId === projectId)
    .filter(({ document }) => userId === undefined || document.user === userId)
    .filter(({ document }) => types === undefined || types.length === 0 || types.includes(document.type))
    .filter(({ document }) => wanted === undefined || (document.name ?? "").toLowerCase().includes(wanted));
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
