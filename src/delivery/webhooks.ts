/** What a vendor says of its webhooks. Signing and wording are the vendor's; storing and sending are not. */
import type { Account } from "../engine/generation/accounts.ts";
import type { Instant } from "../engine/base/clock.ts";
import type { Transition } from "../engine/generation/generations.ts";
import type { Digest } from "../engine/base/ids.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { WebhookKind } from "../engine/model/webhook-faults.ts";

/** One thing to tell one receiver. */
export interface WebhookMessage {
  readonly url: string;
  readonly secret: string;
  /** What happened, in the vendor's word where it has one. */
  readonly event: string;
  /** Becomes the body; keys in the vendor's order. */
  readonly payload: unknown;
  /** How characters beyond ASCII are written: escaped, or as they are. Escaped when absent. */
  readonly text?: "escaped" | "raw";
  /** Public id of what it tells of; the generation's when absent. */
  readonly subject?: string;
}

/** One attempt, about to be sent. */
export interface WebhookToSign {
  /** The body as it is sent. */
  readonly body: string;
  readonly secret: string;
  readonly event: string;
  /** The sandbox's time of this attempt. */
  readonly at: Instant;
  /** Names this attempt; the id of an attempt is made from it. */
  readonly digest: Digest;
}

export interface VendorWebhooks {
  readonly kind: WebhookKind;
  /** The published constant that signs until a test sets another secret. */
  readonly defaultSecret: string;
  /** What signs an account's webhooks, where the secret is the account's and not an endpoint's. */
  readonly secretOf?: (account: Account) => string;
  /** What a transition is told in, to whom. Runs inside the transaction that announces it; empty for nothing. */
  readonly messagesOf: (sandbox: Sandbox, transition: Transition) => readonly WebhookMessage[];
  /** Headers of an attempt, in order and casing: content type, signature and whatever else the vendor sends. */
  readonly headersOf: (toSign: WebhookToSign) => Readonly<Record<string, string>>;
  /** How long after a failed attempt the next one follows; one entry for each that there is. */
  readonly retryDelaysMs: readonly number[];
  /** Real time that a receiver has to answer. */
  readonly timeoutMs: number;
  /** How many endpoints an account may have; absent where the receiver is named in each request. */
  readonly mostEndpoints?: number;
}
