/** Webhook endpoints that an account has at a vendor where requests do not name a receiver themselves. */
import { z } from "zod";
import type { Account } from "../engine/generation/accounts.ts";
import type { Instant } from "../engine/base/clock.ts";
import { uuidFrom } from "../engine/base/ids.ts";
import { documentKind, type DocumentKind, type StoredDocument } from "../engine/sandbox/documents.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";

const KIND = "webhook-endpoint";

/** How an endpoint is stored. */
const endpointDocument = z.object({
  url: z.string(),
  secret: z.string(),
  /** Whether it is sent to. */
  isEnabled: z.boolean().default(true),
  /** Whether a document lists it, so that the next list replaces it. */
  isListed: z.boolean().default(false),
});

type EndpointDocument = z.output<typeof endpointDocument>;

/** An account at a vendor. */
export interface EndpointOwner {
  readonly sandbox: Sandbox;
  readonly account: Account;
  readonly vendor: string;
}

/** An endpoint as a document lists it for an account. */
export interface ListedEndpoint {
  readonly url: string;
  readonly secret?: string | undefined;
}

export interface WebhookEndpoint extends Omit<EndpointDocument, "isListed"> {
  readonly id: string;
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

/** Lists the account's endpoints at a vendor, oldest first. */
export function endpointsOf(sandbox: Sandbox, account: Account, vendor: string): WebhookEndpoint[] {
  return endpointsAt(vendor).ofAccount(sandbox, account).map(endpointFrom);
}

/** Adds one. Throws {@link TooManyEndpoints}. */
export function addEndpoint(
  { sandbox, account, vendor }: EndpointOwner,
  { url, secret }: Pick<WebhookEndpoint, "url" | "secret">,
  most: number,
): WebhookEndpoint {
  return sandbox.write(() => {
    if (endpointsOf(sandbox, account, vendor).length >= most)
      throw new TooManyEndpoints(
        `Account ${account.name} has ${most} endpoints at ${vendor}, which is all it may have.`,
      );
    const id = `whe_${uuidFrom(account.nextDigest(vendor, KIND))}`;
    const owner = { sandbox, account, now: sandbox.clock.now() };
    return endpointFrom(endpointsAt(vendor).insert(owner, id, { url, secret, isEnabled: true, isListed: false }));
  });
}

/**
 * Replaces the endpoints that a document listed before with those that it lists now; those that were added by themselves
 * stay. Call it inside a transaction.
 */
export function replaceListedEndpoints(
  { sandbox, account, vendor }: EndpointOwner,
  listed: readonly ListedEndpoint[],
  defaultSecret: string,
): void {
  const endpoints = endpointsAt(vendor);
  for (const stored of endpoints.ofAccount(sandbox, account))
    if (stored.document.isListed) endpoints.remove(sandbox, stored);
  const owner = { sandbox, account, now: sandbox.clock.now() };
  listed.forEach(({ url, secret = defaultSecret }, index) => {
    // Of the place in the list, so that listing the same again changes nothing that can be seen.
    const id = `whe_${uuidFrom(sandbox.digest(vendor, account.name, KIND, index))}`;
    endpoints.insert(owner, id, { url, secret, isEnabled: true, isListed: true });
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
  const endpoints = endpointsAt(vendor);
  const found = endpoints.find(sandbox, id);
  if (found === undefined) return undefined;
  const { url, secret, isEnabled } = found.document;
  const changed = sandbox.write(() =>
    endpoints.replace(sandbox, found, {
      ...found.document,
      url: change.url ?? url,
      secret: change.secret ?? secret,
      isEnabled: change.isEnabled ?? isEnabled,
    }),
  );
  return { endpoint: endpointFrom(changed), accountId: changed.accountId };
}

/** Removes one of any account; false when there is none of this id at the vendor. What is under way to it goes on. */
export function removeEndpoint(sandbox: Sandbox, vendor: string, id: string): boolean {
  const endpoints = endpointsAt(vendor);
  const found = endpoints.find(sandbox, id);
  if (found === undefined) return false;
  endpoints.remove(sandbox, found);
  return true;
}

function endpointsAt(vendor: string): DocumentKind<EndpointDocument> {
  return documentKind(vendor, KIND, endpointDocument);
}

function endpointFrom({ id, createdAt, document }: StoredDocument<EndpointDocument>): WebhookEndpoint {
  const { url, secret, isEnabled } = document;
  return { id, url, secret, isEnabled, createdAt };
}
