/** A delivery: one webhook to be sent to one receiver, with its attempts. */
import type { Instant } from "../engine/base/clock.ts";
import type { WebhookFaults } from "../engine/model/webhook-faults.ts";
import type { DeliveryFilter as StoredDeliveryFilter, StoredDelivery } from "../store/deliveries.ts";
import type { Reception } from "./sender.ts";

/**
 * `pending` has an attempt to come or under way; `delivered` was accepted with a 2xx; `failed` was not, and is not tried
 * again; `collected` was kept instead of sent; `lost` is never sent, as its scenario says.
 */
export const deliveryStatuses = ["pending", "delivered", "failed", "collected", "lost"] as const;

export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Which deliveries of a sandbox to list. Every field narrows. */
export type DeliveryFilter = Omit<StoredDeliveryFilter, "sandboxId">;

/** What is stored of one as JSON. */
export interface DeliveryDocument {
  /** Name of the account whose generation it tells of. */
  readonly account: string;
  readonly secret: string;
  /** The body before its scenario pads it. */
  readonly body: string;
  readonly webhookFaults?: WebhookFaults;
}

export interface Delivery extends DeliveryDocument {
  /** The store's own key; never shown. */
  readonly rowId: number;
  readonly id: string;
  readonly accountId: number;
  readonly vendor: string;
  /** Public id of what it tells of. */
  readonly subject: string;
  readonly generationRow: number | null;
  readonly event: string;
  readonly url: string;
  readonly receiver: string;
  readonly label: string | null;
  readonly createdAt: Instant;
  readonly status: DeliveryStatus;
  readonly nextAt: Instant | null;
  readonly attempts: number;
  readonly tries: number;
  readonly isYielding: boolean;
}

/** One exchange with the receiver, as it was. */
export interface Attempt extends Reception {
  /** From 1. */
  readonly number: number;
  readonly at: Instant;
  /** When it was answered or its time was up, on the sandbox's clock. */
  readonly endedAt: Instant;
  /** Headers as they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Reads a delivery from what the store has of it. */
export function deliveryFrom(stored: StoredDelivery): Delivery {
  const document = JSON.parse(stored.document) as DeliveryDocument;
  return {
    ...document,
    rowId: stored.id,
    id: stored.publicId,
    accountId: stored.accountId,
    vendor: stored.vendor,
    subject: stored.subject,
    generationRow: stored.generationRow,
    event: stored.event,
    url: stored.url,
    receiver: stored.receiver,
    label: stored.label,
    createdAt: stored.createdAt,
    status: stored.status as DeliveryStatus,
    nextAt: stored.nextAt,
    attempts: stored.attempts,
    tries: stored.tries,
    isYielding: stored.yields === 1,
  };
}

/** Whom a URL reaches: the same whatever its query says. */
export function receiverOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
