/** Webhook endpoints that an account has at a vendor where requests do not name a receiver themselves. */
import type { Account } from "../engine/generation/accounts.ts";
import type { Instant } from "../engine/base/clock.ts";
import { uuidFrom } from "../engine/base/ids.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { ResourceRow } from "../store/resources.ts";

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
  /** Whether it is sent to. */
  readonly isEnabled: boolean;
  readonly createdAt: Instant;
}

/** What may be changed of one. */
export interface EndpointChange {
  readonly url?: string | undefined;
  readonly secret?: string | undefined;
  readonly isEnabled?: boolean | undefined;
}

/** Thrown when an account has as many endpoints as its vendor lets it have. */
export class TooManyEndpoints extends Error {}

/** The account's endpoints at a vendor, oldest first. */
export function endpointsOf(sandbox: Sandbox, account: Account, vendor: string): WebhookEndpoint[] {
  return sandbox.store.resources.ofAccount(account.id, vendor, KIND).map(endpointFromRow);
}

function endpointFromRow({ public_id, created_at, document }: ResourceRow): WebhookEndpoint {
  const {
    url,
    secret,
    isEnabled = true,
  } = JSON.parse(document) as { url: string; secret: string; isEnabled?: boolean };
  return { id: public_id, url, secret, isEnabled, createdAt: created_at };
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
    return { id, url, secret, isEnabled: true, createdAt };
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

/**
 * Changes one; undefined when there is none of this id at the vendor. Webhooks that were written before keep the URL and
 * the secret that they were written with.
 */
export function changeEndpoint(
  sandbox: Sandbox,
  vendor: string,
  id: string,
  change: EndpointChange,
): { readonly endpoint: WebhookEndpoint; readonly accountId: number } | undefined {
  const row = sandbox.store.resources.find(sandbox.rowId, vendor, KIND, id);
  if (row === undefined) return undefined;
  const changed = Object.entries(change).filter(([, value]) => value !== undefined);
  const document = JSON.stringify({ ...(JSON.parse(row.document) as object), ...Object.fromEntries(changed) });
  sandbox.write(() => {
    sandbox.store.resources.update(row.id, document);
  });
  return { endpoint: endpointFromRow({ ...row, document }), accountId: row.account_id };
}

/** Removes one, whoever's it is; false when there is none of this id at the vendor. What is under way to it goes on. */
export function removeEndpoint(sandbox: Sandbox, vendor: string, id: string): boolean {
  const row = sandbox.store.resources.find(sandbox.rowId, vendor, KIND, id);
  if (row === undefined) return false;
  sandbox.store.resources.delete(row.id);
  return true;
}
