/**
 * Stores deliveries in the transaction that announces their subject, so that neither is stored without the other; the
 * dispatcher sends them.
 */
import type { Instant } from "../engine/base/clock.ts";
import type { Slices } from "../engine/base/slices.ts";
import { deliveries } from "../engine/delivery/deliveries.ts";
import type { Attempt, Delivery, DeliveryFilter, NewDelivery } from "../engine/delivery/delivery.ts";
import { receiverOf } from "../engine/delivery/receiver.ts";
import type { Transition } from "../engine/generation/generations.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import { asciiJson } from "./ascii-json.ts";
import { publishChange, type Dispatcher } from "./dispatcher.ts";
import { chooseDeliveryMode, deliveryModeOf, type DeliveryMode } from "./mode.ts";
import { renderAttempt, type RenderedAttempt } from "./rendering.ts";
import type { VendorWebhooks, WebhookMessage } from "./webhooks.ts";

/** How long a swapped delivery waits, on the sandbox's clock, for the next one to pass it. */
const SWAP_WAIT_MS = 10_000;

export interface OutboxParts {
  readonly dispatcher: Dispatcher;
  readonly webhooksOf: (vendor: string) => VendorWebhooks | undefined;
  /** The mode of sandboxes without a mode of their own. */
  readonly mode: DeliveryMode;
  /** The most deliveries kept per sandbox; above it, the oldest ended ones are deleted. */
  readonly maxPerSandbox: number;
}

interface Written {
  readonly added: readonly Delivery[];
  /** Deliveries that waited for the added ones to pass. */
  readonly passed: readonly Delivery[];
}

/** Thrown when a redelivery is requested while the delivery is being sent. */
export class DeliveryBusy extends Error {}

export class Outbox {
  readonly #parts: OutboxParts;
  readonly #kept = new WeakMap<Sandbox, { epoch: number; count: number; dropped: number }>();

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /**
   * Stores the messages of a transition. Runs inside its transaction; the returned function runs once that is stored.
   */
  announce(sandbox: Sandbox, transition: Transition): (() => void) | undefined {
    const messages = this.#parts.webhooksOf(transition.generation.vendor)?.messagesOf(sandbox, transition) ?? [];
    if (messages.length === 0) return undefined;
    const written = messages.map((message) => this.#write(sandbox, transition, message));
    return () => {
      for (const { added, passed } of written) {
        for (const delivery of [...added, ...passed]) this.#send(sandbox, delivery);
        this.#keepWithinBounds(sandbox, added.length);
      }
    };
  }

  /** Fills the scheduler from the store, after a restart. */
  resume(sandbox: Sandbox): void {
    for (const due of deliveries.due(sandbox)) this.#parts.dispatcher.schedule(sandbox, due);
  }

  modeOf(sandbox: Sandbox): DeliveryMode {
    return deliveryModeOf(sandbox, this.#parts.mode);
  }

  /** Sends or collects webhooks from now until the next reset. On `collect`, pending deliveries are collected too. */
  chooseMode(sandbox: Sandbox, mode: DeliveryMode): void {
    sandbox.write(() => {
      chooseDeliveryMode(sandbox, mode);
      if (mode === "collect") deliveries.collectPending(sandbox);
    });
  }

  /** Lists matching deliveries, oldest first: at most `limit`, after the row `after`. */
  list(
    sandbox: Sandbox,
    filter: DeliveryFilter = {},
    page: { limit?: number; after?: number | undefined } = {},
  ): Delivery[] {
    return deliveries.list(sandbox, filter, page);
  }

  /** Decodes every delivery of a sandbox and its attempts. Throws `UnreadableRow`. */
  *check(sandbox: Sandbox): Slices<void> {
    yield* deliveries.check(sandbox);
  }

  count(sandbox: Sandbox, filter: DeliveryFilter = {}): number {
    return deliveries.count(sandbox, filter);
  }

  find(sandbox: Sandbox, id: string): Delivery | undefined {
    return deliveries.find(sandbox, id);
  }

  attemptsOf(sandbox: Sandbox, delivery: Delivery): Attempt[] {
    return deliveries.attemptsOf(sandbox, delivery);
  }

  /** Returns what the next attempt would send at `at`. */
  render(sandbox: Sandbox, delivery: Delivery, at: Instant): RenderedAttempt | undefined {
    const webhooks = this.#parts.webhooksOf(delivery.vendor);
    const digest = sandbox.digest("webhook-attempt", delivery.id, delivery.attempts + 1);
    return webhooks === undefined ? undefined : renderAttempt(delivery, webhooks, { sandbox, at, digest });
  }

  /** Returns how many deliveries were dropped to stay within the limit since the last reset. */
  droppedFrom(sandbox: Sandbox): number {
    return this.#boundsOf(sandbox).dropped;
  }

  /**
   * Sends a delivery again at `now`, in any state, with the vendor's full retry schedule. Throws {@link DeliveryBusy}.
   */
  redeliver(sandbox: Sandbox, delivery: Delivery, now: Instant): Delivery {
    if (this.#parts.dispatcher.isUnderWay(delivery)) throw new DeliveryBusy(`${delivery.id} is being sent.`);
    const again: Delivery = { ...delivery, status: "pending", nextAt: now, tries: 0, isYielding: false };
    sandbox.write(() => {
      deliveries.replan(sandbox, again);
      this.#send(sandbox, again);
      sandbox.settleAt(now);
    });
    return again;
  }

  #send(sandbox: Sandbox, delivery: Delivery): void {
    const { nextAt } = delivery;
    if (nextAt !== null) this.#parts.dispatcher.schedule(sandbox, { ...delivery, nextAt });
    publishChange(sandbox, delivery);
  }

  /** Stores the rows of one message, and reschedules the deliveries that waited for this message to be sent first. */
  #write(sandbox: Sandbox, { generation, at }: Transition, message: WebhookMessage): Written {
    const webhookFaults = generation.webhook;
    const account = sandbox.account(generation.account);
    const receiver = receiverOf(message.url);
    const mode = this.modeOf(sandbox);
    const isSent = mode === "deliver" && webhookFaults?.lost !== true;
    const waiting = isSent ? deliveries.yielding(sandbox, receiver) : [];
    const isYielding = isSent && webhookFaults?.swapped === true && waiting.length === 0;
    const dueAt = at + (webhookFaults?.delay ?? 0) + (isYielding ? SWAP_WAIT_MS : 0);
    const written: Omit<NewDelivery, "id"> = {
      accountId: account.id,
      account: generation.account,
      vendor: generation.vendor,
      subject: message.subject ?? generation.id,
      generationRow: generation.rowId,
      event: message.event,
      url: message.url,
      receiver,
      secret: message.secret,
      body: message.text === "raw" ? JSON.stringify(message.payload) : asciiJson(message.payload),
      ...(webhookFaults !== undefined && { webhookFaults }),
      label: generation.label,
      createdAt: at,
      status: isSent ? "pending" : mode === "collect" ? "collected" : "lost",
      nextAt: isSent ? dueAt : null,
      isYielding,
    };
    const added = Array.from({ length: webhookFaults?.copies ?? 1 }, () => {
      const id = `whd_${account.nextDigest(generation.vendor, "webhook-delivery").slice(0, 24)}`;
      return deliveries.insert(sandbox, { ...written, id });
    });
    const passed = waiting.map((yielding): Delivery => {
      const changed = { ...yielding, nextAt: dueAt, isYielding: false };
      deliveries.replan(sandbox, changed);
      return changed;
    });
    return { added, passed };
  }

  #boundsOf(sandbox: Sandbox): { epoch: number; count: number; dropped: number } {
    let bounds = this.#kept.get(sandbox);
    if (bounds?.epoch !== sandbox.epoch) {
      bounds = { epoch: sandbox.epoch, count: this.count(sandbox), dropped: 0 };
      this.#kept.set(sandbox, bounds);
    }
    return bounds;
  }

  /** Drops a tenth at a time, so that it is seldom needed. */
  #keepWithinBounds(sandbox: Sandbox, added: number): void {
    const { maxPerSandbox } = this.#parts;
    const known = this.#kept.get(sandbox);
    const bounds = this.#boundsOf(sandbox);
    if (known === bounds) bounds.count += added;
    if (bounds.count <= maxPerSandbox) return;
    const surplus = bounds.count - maxPerSandbox + Math.floor(maxPerSandbox / 10);
    const dropped = deliveries.dropEnded(sandbox, surplus);
    bounds.count -= dropped;
    bounds.dropped += dropped;
  }
}
