/** What sync keeps beside generations (assets, voices, projects, batches): JSON documents of a kind, by public id. */
import type { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import type { Instant } from "../../engine/base/clock.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { ResourceRow } from "../../store/resources.ts";

export interface Kept<Document> {
  readonly rowId: number;
  readonly id: string;
  readonly accountId: number;
  readonly createdAt: Instant;
  readonly document: Document;
}

/** All documents of one kind. Whatever writes is to be called inside a transaction. */
export interface DocumentKind<Document> {
  /** The sandbox's document of this id, whoever's it is. */
  readonly find: (sandbox: Sandbox, id: string) => Kept<Document> | undefined;
  /** The organisation's, oldest first. */
  readonly ofAccount: (sandbox: Sandbox, account: Account) => Kept<Document>[];
  readonly insert: (sandbox: Sandbox, account: Account, id: string, document: Document, now: Instant) => Kept<Document>;
  readonly replace: (sandbox: Sandbox, kept: Kept<Document>, document: Document) => Kept<Document>;
  readonly remove: (sandbox: Sandbox, kept: Kept<Document>) => void;
}

export function documentKind<Document>(kind: string, schema: z.ZodType<Document>): DocumentKind<Document> {
  const keptFrom = (row: ResourceRow): Kept<Document> => ({
    rowId: row.id,
    id: row.public_id,
    accountId: row.account_id,
    createdAt: row.created_at,
    document: schema.parse(JSON.parse(row.document)),
  });
  return {
    find: (sandbox, id) => {
      const row = sandbox.store.resources.find(sandbox.rowId, "sync", kind, id);
      return row === undefined ? undefined : keptFrom(row);
    },
    ofAccount: (sandbox, account) => sandbox.store.resources.ofAccount(account.id, "sync", kind).map(keptFrom),
    insert: (sandbox, account, id, document, now) =>
      keptFrom(
        sandbox.store.resources.insert({
          sandbox_id: sandbox.rowId,
          account_id: account.id,
          vendor: "sync",
          kind,
          public_id: id,
          created_at: now,
          document: JSON.stringify(document),
        }),
      ),
    replace: (sandbox, kept, document) => {
      sandbox.store.resources.update(kept.rowId, JSON.stringify(document));
      return { ...kept, document };
    },
    remove: (sandbox, kept) => {
      sandbox.store.resources.delete(kept.rowId);
    },
  };
}
