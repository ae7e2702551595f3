/** Stores an account's webhook endpoints, for vendors whose requests do not name a receiver. */
import { z } from "zod";
import type { Account } from "../engine/generation/accounts.ts";
import type { Instant } from "../engine/base/clock.ts";
import { uuidFrom } from "../engine/base/ids.ts";
import { receiverUrl } from "../engine/delivery/receiver.ts";
import { documentKind, type DocumentKind, type StoredDocument } from "../engine/sandbox/documents.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";

const KIND = "webhook-endpoint";

/** The stored format of an endpoint. */
const endpointDocument = z.object({
  url: receiverUrl,
  secret: z.string(),
  /** Whether webhooks are sent to this endpoint. */
  isEnabled: z.boolean().default(true),
  /** Whether a document lists this endpoint, so that the next list replaces it. */
  isListed: z.boolean().default(false),
});

type EndpointDocument = z.output<typeof endpointDocument>;

/** An account at a vendor. */
export interface EndpointOwner {
  readonly sandbox: Sandbox;
  readonly account: Account;
  readonly vendor: string;
}

/** An endpoint in a document's list for an account. */
export interface ListedEndpoint {
  readonly url: string;
  readonly secret?: string | undefined;
}

export interface WebhookEndpoint extends Omit<EndpointDocument, "isListed"> {
  readonly id: string;
  readonly createdAt: Instant;
}

/** The fields of an endpoint that can be changed. */
export interface EndpointChange {
  readonly url?: string | undefined;
  readonly secret?: string | undefined;
  readonly isEnabled?: boolean | undefined;
}

/** Thrown when an account is at its vendor's limit of endpoints. */
export class TooManyEndpoints extends Error {}

/** Lists the account's endpoints at a vendor, oldest first. */
export function endpointsOf(sandbox: Sandbox, account: Account, vendor: string): WebhookEndpoint[] {
  return endpointsAt(vendor).ofAccount(sandbox, account).map(endpointFrom);
}

/** Adds an endpoint. Throws {@link TooManyEndpoints}. */
export function addEndpoint(
  { sandbox, account, vendor }: EndpointOwner,
  { url, secret }: Pick<WebhookEndpoint, "url" | "secret">,
  most: number,
): WebhookEndpoint {
  return sandbox.write(() => {
    if (endpointsOf(sandbox, account, vendor).length >= most)
      throw new TooManyEndpoints(
        `Account ${account.name} already has ${most} endpoints at ${vendor}, which is the limit.`,
      );
    const id = `whe_${uuidFrom(account.nextDigest(vendor, KIND))}`;
    const owner = { sandbox, account, now: sandbox.clock.now() };
    return endpointFrom(endpointsAt(vendor).insert(owner, id, { url, secret, isEnabled: true, isListed: false }));
  });
}

/**
 * Replaces the endpoints that a document listed before with those that it lists now; endpoints added by requests stay.
 * Call it inside a transaction.
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
    // The id depends on the place in the list, so that listing the same endpoints again keeps their ids.
    const id = `whe_${uuidFrom(sandbox.digest(vendor, account.name, KIND, index))}`;
    endpoints.insert(owner, id, { url, secret, isEnabled: true, isListed: true });
  });
}

/** Changes an endpoint; returns undefined for an unknown id. Webhooks stored before keep their URL and secret. */
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

/**
 * Removes an endpoint of any account; returns false for an unknown id. Deliveries to it that are under way continue.
 */
export function removeEndpoint(sandbox: Sandbox, vendor: string, id: string): boolean {
  const endpoints = endpointsAt(vendor);
  const found = endpoints.find(sandbox, id);
  if (found === undefined) return false;
  endpoints.remove(sandbox, found);
  return true;
}

/** Returns the access to the endpoints of one vendor's accounts. */
export function endpointsAt(vendor: string): DocumentKind<EndpointDocument> {
  return documentKind(vendor, KIND, endpointDocument);
}

function endpointFrom({ id, createdAt, document }: StoredDocument<EndpointDocument>): WebhookEndpoint {
  const { url, secret, isEnabled } = document;
  return { id, url, secret, isEnabled, createdAt };
}
