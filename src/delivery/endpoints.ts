/** Webhook endpoints that an account has at a vendor where requests do not name a receiver themselves. */
import type { Account } from "../engine/accounts.ts";
import type { Instant } from "../engine/clock.ts";
import { uuidFrom } from "../engine/ids.ts";
import type { Sandbox } from "../engine/sandbox.ts";

const KIND = "webhook-endpoint";

/** An endpoint as a document lists it for an account. */
export interface ListedEndpoint {
  readonly url: string;
  readonly secret?: string | undefined;
}

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly createdAt: Instant;
}

/** Thrown when an account has as many endpoints as its vendor lets it have. */
export class TooManyEndpoints extends Error {}

/** The account's endpoints at a vendor, oldest first. */
export function endpointsOf(sandbox: Sandbox, account: Account, vendor: string): WebhookEndpoint[] {
  return sandbox.store.resources.ofAccount(account.id, vendor, KIND).map(({ public_id, created_at, document }) => {
    const { url, secret } = JSON.parse(document) as Pick<WebhookEndpoint, "url" | "secret">;
    return { id: public_id, url, secret, createdAt: created_at };
  });
}

/** Adds one. Throws {@link TooManyEndpoints}. */
export function addEndpoint(
  sandbox: Sandbox,
  account: Account,
  vendor: string,
  { url, secret }: Pick<WebhookEndpoint, "url" | "secret">,
  most: number,
): WebhookEndpoint {
  return sandbox.write(() => {
    if (endpointsOf(sandbox, account, vendor).length >= most)
      throw new TooManyEndpoints(
        `Account ${account.name} has ${most} endpoints at ${vendor}, which is all it may have.`,
      );
    const id = `whe_${uuidFrom(account.nextDigest(vendor, KIND))}`;
    const createdAt = sandbox.clock.now();
    sandbox.store.resources.insert({
      sandbox_id: sandbox.rowId,
      account_id: account.id,
      vendor,
      kind: KIND,
      public_id: id,
      created_at: createdAt,
      document: JSON.stringify({ url, secret }),
    });
    return { id, url, secret, createdAt };
  });
}

/**
 * Has the endpoints that a document lists for an account at a vendor in place of those that one listed before; those
 * that were added by themselves stay. Call it inside a transaction.
 */
export function listEndpoints(
  sandbox: Sandbox,
  account: Account,
  vendor: string,
  listed: readonly ListedEndpoint[],
  defaultSecret: string,
): void {
  const { resources } = sandbox.store;
  for (const row of resources.ofAccount(account.id, vendor, KIND))
    if ((JSON.parse(row.document) as { isListed?: boolean }).isListed === true) resources.delete(row.id);
  listed.forEach(({ url, secret = defaultSecret }, index) => {
    resources.insert({
      sandbox_id: sandbox.rowId,
      account_id: account.id,
      vendor,
      kind: KIND,
      // Of the place in the list, so that listing the same again changes nothing that can be seen.
      public_id: `whe_${uuidFrom(sandbox.digest(vendor, account.name, KIND, index))}`,
      created_at: sandbox.clock.now(),
      document: JSON.stringify({ url, secret, isListed: true }),
    });
  });
}

/** Removes one, whoever's it is; false when there is none of this id at the vendor. What is under way to it goes on. */
export function removeEndpoint(sandbox: Sandbox, vendor: string, id: string): boolean {
  const row = sandbox.store.resources.find(sandbox.rowId, vendor, KIND, id);
  if (row === undefined) return false;
  sandbox.store.resources.delete(row.id);
  return true;
}
