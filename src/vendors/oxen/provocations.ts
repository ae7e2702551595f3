/** Provides the requests and outcomes that the outcome lists of several routes share. */
import type { Outcome, Provocation } from "../../http/errors/outcome.ts";

export const NOBODYS = "00000000-0000-4000-8000-000000000000";

export const image = { model: "flux-3-image", prompt: "an ox at dawn" } as const;

export const asMain = { account: "main" } as const;

/** The request that cancels a created generation. */
export const cancelling = { ...asMain, method: "DELETE", path: "/api/ai/queue/{id}" } as const;

/** Builds a GET by `main`. */
export const getting = (path: string): Provocation => ({ ...asMain, method: "GET", path });

/** Builds a GET by `main` after it has enqueued an image. */
export const gettingImage = (path: string, change: Readonly<Record<string, unknown>> = {}): Provocation => ({
  ...getting(path),
  create: { body: { ...image, ...change } },
});

export function unauthenticated(
  operation: Outcome["operation"],
  { account: _account, ...provoke }: Provocation,
): Outcome {
  return { operation, status: 401, code: "unauthenticated", source: "doc", provoke };
}

export function notFound(operation: Outcome["operation"], source: Outcome["source"], provoke: Provocation): Outcome {
  return { operation, status: 404, code: "resource_not_found", source, provoke };
}

export function invalid(operation: Outcome["operation"], provoke: Provocation): Outcome {
  return { operation, status: 400, code: "invalid_params", source: "inferred", provoke };
}
