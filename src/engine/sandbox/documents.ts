/** Stores the JSON documents that vendors and delivery keep beside generations, by kind and public id. */
import type { z } from "zod";
import type { StoredResource } from "../../store/resources.ts";
import { readRow, UnreadableRow } from "../../store/unreadable-row.ts";
import type { Instant } from "../base/clock.ts";
import type { Account } from "../generation/accounts.ts";
import type { Sandbox } from "./sandbox.ts";

/** The owner of the documents, and the time of the request. Every request with a key has these fields. */
export interface Owner {
  readonly sandbox: Sandbox;
  readonly account: Account;
  readonly now: Instant;
}

export interface StoredDocument<Document> {
  /** The store's own key; never shown to clients. */
  readonly rowId: number;
  readonly id: string;
  readonly accountId: number;
  readonly createdAt: Instant;
  readonly document: Document;
}

/** Names one kind of document, and decodes one that came from elsewhere. */
export interface StoredKind {
  readonly vendor: string;
  readonly kind: string;
  /** Throws `UnreadableRow` for a document that is not of this kind. */
  readonly check: (stored: StoredResource) => void;
}

/** Access to all documents of one kind. Call the writing methods inside a transaction. */
export interface DocumentKind<Document> extends StoredKind {
  /** Finds the document of this id, which any account of the sandbox may own. */
  readonly find: (sandbox: Sandbox, id: string) => StoredDocument<Document> | undefined;
  /** Finds the account's document of this id; undefined if another account owns it. */
  readonly findOwn: (owner: Omit<Owner, "now">, id: string) => StoredDocument<Document> | undefined;
  /** Lists the account's documents, oldest first. */
  readonly ofAccount: (sandbox: Sandbox, account: Account) => StoredDocument<Document>[];
  readonly insert: (owner: Owner, id: string, document: Document) => StoredDocument<Document>;
  readonly replace: (
    sandbox: Sandbox,
    stored: StoredDocument<Document>,
    document: Document,
  ) => StoredDocument<Document>;
  readonly remove: (sandbox: Sandbox, stored: StoredDocument<Document>) => void;
}

/** Creates the access to one kind of document; `schema` parses the stored JSON. */
export function documentKind<Document>(
  vendor: string,
  kind: string,
  schema: z.ZodType<Document>,
): DocumentKind<Document> {
  const read = ({ id, publicId, accountId, createdAt, document }: StoredResource): StoredDocument<Document> => ({
    rowId: id,
    id: publicId,
    accountId,
    createdAt,
    document: readRow("resources", publicId, () => schema.parse(JSON.parse(document))),
  });
  return {
    vendor,
    kind,
    check: (stored) => {
      read(stored);
    },
    find: (sandbox, id) => {
      const found = sandbox.store.resources.find(sandbox.rowId, vendor, kind, id);
      return found === undefined ? undefined : read(found);
    },
    findOwn: ({ sandbox, account }, id) => {
      const found = sandbox.store.resources.find(sandbox.rowId, vendor, kind, id);
      return found?.accountId === account.id ? read(found) : undefined;
    },
    ofAccount: (sandbox, account) => sandbox.store.resources.ofAccount(account.id, vendor, kind).map(read),
    insert: ({ sandbox, account, now }, publicId, document) =>
      read(
        sandbox.store.resources.insert({
          sandboxId: sandbox.rowId,
          accountId: account.id,
          vendor,
          kind,
          publicId,
          createdAt: now,
          document: JSON.stringify(document),
        }),
      ),
    replace: (sandbox, stored, document) => {
      sandbox.store.resources.update(stored.rowId, JSON.stringify(document));
      return { ...stored, document };
    },
    remove: (sandbox, { rowId }) => {
      sandbox.store.resources.delete(rowId);
    },
  };
}

/**
 * Returns one check for each document of a sandbox. A check throws `UnreadableRow`, also for a kind that is not among
 * those given.
 */
export function* documentChecks(sandbox: Sandbox, kinds: readonly StoredKind[]): Generator<() => void> {
  const checks = new Map(kinds.map(({ vendor, kind, check }) => [`${vendor} ${kind}`, check]));
  for (const stored of sandbox.store.resources.inSandbox(sandbox.rowId))
    yield () => {
      const { vendor, kind, publicId, accountId } = stored;
      refuseForeign(sandbox, "resources", publicId, accountId);
      const check = checks.get(`${vendor} ${kind}`);
      if (check === undefined)
        throw new UnreadableRow("resources", publicId, `${vendor} has no documents called ${kind}`);
      check(stored);
    };
}

/** Throws `UnreadableRow` for a row whose account is not one of its sandbox. */
export function refuseForeign({ accounts }: Sandbox, table: string, row: string, accountId: number): void {
  if (accounts.byId(accountId) === undefined)
    throw new UnreadableRow(table, row, `its account ${accountId} is not one of this sandbox`);
}
