/** Lists every response of the model catalogue, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { asMain, getting, image, invalid, unauthenticated } from "../provocations.ts";

const mark: Provocation = { ...asMain, method: "POST", path: `/api/ai/models/${image.model}/favorite` };
const unmark: Provocation = { ...mark, method: "DELETE" };

const unknown = (operation: Outcome["operation"], source: Outcome["source"], provoke: Provocation): Outcome => ({
  operation,
  status: 404,
  code: "Model not found: bad-model-name",
  sign: "Model not found: ",
  source,
  provoke: { ...provoke, path: provoke.path.replace(image.model, "bad-model-name") },
});

export const modelOutcomes: readonly Outcome[] = [
  { operation: "listModels", status: 200, source: "doc", provoke: getting("/api/ai/models") },
  { operation: "listModels", status: 200, source: "client", provoke: { method: "GET", path: "/api/ai/models" } },
  invalid("listModels", getting("/api/ai/models?action=a&action=b")),
  { operation: "searchModels", status: 200, source: "doc", provoke: getting("/api/ai/models/search?search=kling") },
  invalid("searchModels", getting("/api/ai/models/search")),
  { operation: "listFeaturedModels", status: 200, source: "doc", provoke: getting("/api/ai/models/featured") },
  { operation: "listFavoriteModels", status: 200, source: "doc", provoke: getting("/api/ai/models/favorites") },
  unauthenticated("listFavoriteModels", getting("/api/ai/models/favorites")),
  { operation: "favoriteModel", status: 200, source: "doc", provoke: mark },
  unknown("favoriteModel", "inferred", mark),
  unauthenticated("favoriteModel", mark),
  { operation: "unfavoriteModel", status: 200, source: "doc", provoke: unmark },
  unknown("unfavoriteModel", "inferred", unmark),
  unauthenticated("unfavoriteModel", unmark),
  { operation: "getModel", status: 200, source: "doc", provoke: getting(`/api/ai/models/${image.model}`) },
  unknown("getModel", "doc", getting(`/api/ai/models/${image.model}`)),
];
