/** Defines a delivery: one webhook to be sent to one receiver, with its attempts. */
import type { Instant } from "../base/clock.ts";
import type { SignatureFlaw, WebhookFaults } from "../model/webhook-faults.ts";

/**
 * The states of a delivery. `pending`: an attempt is planned or under way. `delivered`: accepted with a 2xx. `failed`:
 * not accepted, and not tried again. `collected`: kept instead of sent. `lost`: never sent, because its scenario says
 * so.
 */
export const deliveryStatuses = ["pending", "delivered", "failed", "collected", "lost"] as const;

export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Selects deliveries of a sandbox. Every field narrows. */
export interface DeliveryFilter {
  readonly accountId?: number | undefined;
  readonly vendor?: string | undefined;
  readonly status?: string | undefined;
  readonly subject?: string | undefined;
  readonly event?: string | undefined;
  readonly url?: string | undefined;
  readonly label?: string | undefined;
}

export interface Delivery {
  /** The store's own key; never shown to clients. */
  readonly rowId: number;
  readonly id: string;
  readonly accountId: number;
  /** Name of the account that owns the generation. */
  readonly account: string;
  readonly vendor: string;
  /** Public id of the subject, such as a generation. */
  readonly subject: string;
  /** The generation whose create answer must be sent first; null for none. */
  readonly generationRow: number | null;
  readonly event: string;
  readonly url: string;
  /** The receiver; deliveries to the same one are sent in order. */
  readonly receiver: string;
  readonly secret: string;
  /** The body without the padding of its scenario. */
  readonly body: string;
  readonly webhookFaults?: WebhookFaults;
  /** The flaw of the signature that was asked for when it was last requested; it beats that of its scenario. */
  readonly signature?: SignatureFlaw;
  readonly label: string | null;
  readonly createdAt: Instant;
  readonly status: DeliveryStatus;
  /** When the next attempt is due; null when none is planned. */
  readonly nextAt: Instant | null;
  /** The total number of attempts. */
  readonly attempts: number;
  /** The number of attempts since the delivery was last requested, which the vendor's schedule counts. */
  readonly tries: number;
  /** Whether the delivery waits until the next one to its receiver has been sent. */
  readonly isYielding: boolean;
}

/** A delivery before it is stored. */
export type NewDelivery = Omit<Delivery, "rowId" | "attempts" | "tries">;

/** The fields of a delivery that an attempt or a new request for it changes. */
export type DeliveryPlan = Pick<Delivery, "rowId" | "status" | "nextAt" | "attempts" | "tries" | "isYielding">;

/** A delivery with a planned attempt. */
export interface DueDelivery extends Pick<Delivery, "rowId" | "id"> {
  readonly nextAt: Instant;
}

/** How an attempt ended at the receiver. */
export interface Reception {
  readonly ending: "answered" | "timed-out" | "unreachable" | "refused";
  readonly status?: number;
  readonly response?: {
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body: string;
    readonly isCut: boolean;
  };
  readonly error?: { readonly code: string; readonly message: string };
  /** Real milliseconds from the beginning to the end of the attempt. */
  readonly tookMs: number;
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
