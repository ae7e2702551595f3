/** A delivery: one webhook to be sent to one receiver, with its attempts. */
import type { Instant } from "../engine/base/clock.ts";
import type { WebhookFaults } from "../engine/model/webhook-faults.ts";
import type { DeliveryRow } from "../store/deliveries.ts";
import type { Reception } from "./sender.ts";

/**
 * `pending` has an attempt to come or under way; `delivered` was accepted with a 2xx; `failed` was not, and is not tried
 * again; `collected` was kept instead of sent; `lost` is never sent, as its scenario says.
 */
export const deliveryStatuses = ["pending", "delivered", "failed", "collected", "lost"] as const;

export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** What the `document` column holds. */
export interface DeliveryDocument {
  /** Name of the account whose generation it tells of. */
  readonly account: string;
  readonly secret: string;
  /** The body before its scenario pads it. */
  readonly body: string;
  readonly twist?: WebhookFaults;
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

export function deliveryFromRow(row: DeliveryRow): Delivery {
  const document = JSON.parse(row.document) as DeliveryDocument;
  return {
    ...document,
    rowId: row.id,
    id: row.public_id,
    accountId: row.account_id,
    vendor: row.vendor,
    subject: row.subject,
    generationRow: row.generation_row,
    event: row.event,
    url: row.url,
    receiver: row.receiver,
    label: row.label,
    createdAt: row.created_at,
    status: row.status as DeliveryStatus,
    nextAt: row.next_at,
    attempts: row.attempts,
    tries: row.tries,
    isYielding: row.yields === 1,
  };
}

/** Whom a URL reaches: the same whatever its query says. */
export function receiverOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
