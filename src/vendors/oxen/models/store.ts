/** Stores which models an account has marked as favorites. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { documentKind } from "../../../engine/sandbox/documents.ts";
import type { CatalogueModel } from "../catalogue.ts";

/** The stored form of a favorite. It is empty, because the id names the account and the model. */
export const favorites = documentKind("oxen", "favorite", z.strictObject({}));

/** Lists the ids of the marked models, in the order in which they were marked. */
export function favoritesOf({ sandbox, account }: FastifyRequest): string[] {
  const prefix = `${account.name}/`;
  return favorites.ofAccount(sandbox, account).map(({ id }) => id.slice(prefix.length));
}

/** Marks a model as a favorite; has no effect on a marked model. */
export function addFavorite(request: FastifyRequest, { listed }: CatalogueModel): void {
  const { sandbox, account } = request;
  const id = `${account.name}/${listed.id}`;
  if (favorites.find(sandbox, id) === undefined) sandbox.write(() => favorites.insert(request, id, {}));
}

export function removeFavorite({ sandbox, account }: FastifyRequest, { listed }: CatalogueModel): void {
  const found = favorites.find(sandbox, `${account.name}/${listed.id}`);
  if (found === undefined) return;
  sandbox.write(() => {
    favorites.remove(sandbox, found);
  });
}
