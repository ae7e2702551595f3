/** The models that an account has marked. */
import type { FastifyRequest } from "fastify";
import type { CatalogueModel } from "../catalogue.ts";

const KIND = "favorite";

/** The ids of the marked models, in the order in which they were marked. */
export function favoritesOf({ sandbox, account }: FastifyRequest): string[] {
  const prefix = `${account.name}/`;
  return sandbox.store.resources
    .ofAccount(account.id, "oxen", KIND)
    .map(({ public_id }) => public_id.slice(prefix.length));
}

/** Marks a model; one that is marked stays so. */
export function addFavorite({ sandbox, account, now }: FastifyRequest, { listed }: CatalogueModel): void {
  const { resources } = sandbox.store;
  const publicId = `${account.name}/${listed.id}`;
  if (resources.find(sandbox.rowId, "oxen", KIND, publicId) !== undefined) return;
  sandbox.write(() =>
    resources.insert({
      sandbox_id: sandbox.rowId,
      account_id: account.id,
      vendor: "oxen",
      kind: KIND,
      public_id: publicId,
      created_at: now,
      document: "{}",
    }),
  );
}

export function removeFavorite({ sandbox, account }: FastifyRequest, { listed }: CatalogueModel): void {
  const { resources } = sandbox.store;
  const found = resources.find(sandbox.rowId, "oxen", KIND, `${account.name}/${listed.id}`);
  if (found === undefined) return;
  sandbox.write(() => {
    resources.delete(found.id);
  });
}
