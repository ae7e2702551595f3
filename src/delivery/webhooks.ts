/** Defines what a vendor provides for its webhooks: signing and wording. The delivery layer stores and sends them. */
import type { Account } from "../engine/generation/accounts.ts";
import type { Instant } from "../engine/base/clock.ts";
import type { Transition } from "../engine/generation/generations.ts";
import type { Digest } from "../engine/base/ids.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { WebhookKind } from "../engine/model/webhook-faults.ts";

/** One message to one receiver. */
export interface WebhookMessage {
  readonly url: string;
  readonly secret: string;
  /** The event's name, in the vendor's own word if it has one. */
  readonly event: string;
  /** The content of the body; keys in the vendor's order. */
  readonly payload: unknown;
  /** Whether characters beyond ASCII are escaped or written raw; escaped when absent. */
  readonly text?: "escaped" | "raw";
  /** Public id of the subject; the generation's id when absent. */
  readonly subject?: string;
}

/** One attempt that is about to be sent. */
export interface WebhookToSign {
  /** The sandbox of the webhook, whose settings may choose the headers. */
  readonly sandbox: Sandbox;
  /** The body as sent. */
  readonly body: string;
  readonly secret: string;
  readonly event: string;
  /** The sandbox's time of this attempt. */
  readonly at: Instant;
  /** Identifies this attempt; the attempt's id is derived from it. */
  readonly digest: Digest;
}

export interface VendorWebhooks {
  readonly kind: WebhookKind;
  /** The published constant secret, used until a test sets another. */
  readonly defaultSecret: string;
  /** Returns an account's signing secret, for vendors whose secret belongs to the account and not to an endpoint. */
  readonly secretOf?: (account: Account) => string;
  /**
   * Returns the messages for a transition, and none if nothing is sent. Runs inside the transaction that announces it.
   */
  readonly messagesOf: (sandbox: Sandbox, transition: Transition) => readonly WebhookMessage[];
  /** Returns the headers of an attempt, in the vendor's order and casing: content type, signature and others. */
  readonly headersOf: (toSign: WebhookToSign) => Readonly<Record<string, string>>;
  /** The delays between a failed attempt and the next one; one entry per retry. */
  readonly retryDelaysMs: readonly number[];
  /** The real time that a receiver has to answer. */
  readonly timeoutMs: number;
  /** The limit of endpoints per account; absent if each request names the receiver. */
  readonly mostEndpoints?: number;
}
