/** Defines a delivery: one webhook to be sent to one receiver, with its attempts. */
import { LAST_INSTANT, type Instant } from "../engine/base/clock.ts";
import { LONGEST_DURATION_MS } from "../engine/base/durations.ts";
import { z } from "zod";
import { webhookFaults, type WebhookFaults } from "../engine/model/webhook-faults.ts";
import { readRow } from "../store/unreadable-row.ts";
import type { DeliveryFilter as StoredDeliveryFilter, StoredDelivery } from "../store/deliveries.ts";
import type { Reception } from "./sender.ts";

/**
 * The states of a delivery. `pending`: an attempt is planned or under way. `delivered`: accepted with a 2xx. `failed`:
 * not accepted, and not tried again. `collected`: kept instead of sent. `lost`: never sent, because its scenario says
 * so.
 */
export const deliveryStatuses = ["pending", "delivered", "failed", "collected", "lost"] as const;

export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Selects deliveries of a sandbox. Every field narrows. */
export type DeliveryFilter = Omit<StoredDeliveryFilter, "sandboxId">;

/** The JSON document of a stored delivery. */
export interface DeliveryDocument {
  /** Name of the account that owns the generation. */
  readonly account: string;
  readonly secret: string;
  /** The body without the padding of its scenario. */
  readonly body: string;
  readonly webhookFaults?: WebhookFaults;
}

export interface Delivery extends DeliveryDocument {
  /** The store's own key; never shown to clients. */
  readonly rowId: number;
  readonly id: string;
  readonly accountId: number;
  readonly vendor: string;
  /** Public id of the subject, such as a generation. */
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

/** One recorded attempt to send the delivery to its receiver. */
export interface Attempt extends Reception {
  /** The number of the attempt, counted from 1. */
  readonly number: number;
  readonly at: Instant;
  /** When the attempt was answered or timed out, on the sandbox's clock. */
  readonly endedAt: Instant;
  /** The headers as sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Parses the URL of a receiver: any that can be parsed, because the attempt says what is wrong with the others. */
export const receiverUrl = z.string().refine((url) => URL.canParse(url), "is not a URL");

/** The content of the `document` column. */
const deliveryDocument: z.ZodType<DeliveryDocument> = z.looseObject({
  account: z.string(),
  secret: z.string(),
  body: z.string(),
  webhookFaults: webhookFaults.exactOptional(),
});

/** The bounds of the other columns: an instant that no calendar has, or a URL that cannot be called, is damage. */
const deliveryColumns = z.object({
  url: receiverUrl,
  createdAt: z.int().min(0).max(LAST_INSTANT),
  nextAt: z
    .int()
    .min(0)
    .max(LAST_INSTANT + LONGEST_DURATION_MS)
    .nullable(),
});

/** Decodes a stored delivery. Throws `UnreadableRow`. */
export function deliveryFrom(stored: StoredDelivery): Delivery {
  const { document, status } = readRow("deliveries", stored.publicId, () => {
    deliveryColumns.parse(stored);
    return {
      document: deliveryDocument.parse(JSON.parse(stored.document)),
      status: z.enum(deliveryStatuses).parse(stored.status),
    };
  });
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
    status,
    nextAt: stored.nextAt,
    attempts: stored.attempts,
    tries: stored.tries,
    isYielding: stored.yields === 1,
  };
}

/** The content of the `document` column of `delivery_attempts`. */
const attemptDocument: z.ZodType<Attempt> = z.looseObject({
  number: z.int().positive(),
  at: z.int(),
  endedAt: z.int(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  ending: z.enum(["answered", "timed-out", "unreachable", "refused"]),
  status: z.int().exactOptional(),
  response: z
    .strictObject({
      headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
      body: z.string(),
      isCut: z.boolean(),
    })
    .exactOptional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).exactOptional(),
  tookMs: z.number(),
});

/** Decodes a stored attempt. Throws `UnreadableRow`. */
export function attemptFrom({ id }: Delivery, document: string): Attempt {
  return readRow("delivery_attempts", id, () => attemptDocument.parse(JSON.parse(document)));
}

/** Returns the receiver of a URL: its origin and path, without the query. */
export function receiverOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
