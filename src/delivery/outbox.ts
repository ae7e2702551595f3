/**
 * Stores deliveries in the transaction that announces their subject, so that neither is stored without the other; the
 * dispatcher sends them.
 */
import type { Instant } from "../engine/base/clock.ts";
import type { Steps } from "../engine/base/turns.ts";
import { deliveries } from "../engine/delivery/deliveries.ts";
import type { Attempt, Delivery, DeliveryFilter, NewDelivery } from "../engine/delivery/delivery.ts";
import { receiverOf } from "../engine/delivery/receiver.ts";
import type { SignatureFlaw } from "../engine/model/webhook-faults.ts";
import type { Transition } from "../engine/generation/generations.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import { asciiJson } from "./ascii-json.ts";
import { publishChange, type Dispatcher } from "./dispatcher.ts";
import { chooseDeliveryMode, deliveryModeOf, type DeliveryMode } from "./mode.ts";
import { renderAttempt, rightHeaders, type RenderedAttempt } from "./rendering.ts";
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
  readonly #dropped = new WeakMap<Sandbox, { epoch: number; count: number }>();
  /** The sandboxes whose deliveries will be counted once the present work is done. */
  readonly #toCount = new Set<Sandbox>();

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
      for (const { added, passed } of written)
        for (const delivery of [...added, ...passed]) this.#send(sandbox, delivery, true);
      this.#keepWithinBoundsSoon(sandbox);
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
  *check(sandbox: Sandbox): Steps<void> {
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

  /** Returns the headers that an attempt had to have, as its receiver computes them. */
  expectedHeaders(sandbox: Sandbox, delivery: Delivery, { at, number }: Attempt): Readonly<Record<string, string>> {
    const digest = sandbox.digest("webhook-attempt", delivery.id, number);
    const webhooks = this.#parts.webhooksOf(delivery.vendor);
    return webhooks === undefined ? {} : rightHeaders(delivery, webhooks, { sandbox, at, digest });
  }

  /** Returns how many deliveries were dropped to stay within the limit since the last reset. */
  droppedFrom(sandbox: Sandbox): number {
    const dropped = this.#dropped.get(sandbox);
    return dropped?.epoch === sandbox.epoch ? dropped.count : 0;
  }

  /**
   * Sends a delivery again at `now`, in any state, with the vendor's full retry schedule. `flaw` makes its signature
   * wrong until it is sent again. Throws {@link DeliveryBusy}.
   */
  redeliver(sandbox: Sandbox, delivery: Delivery, now: Instant, flaw?: SignatureFlaw): Delivery {
    if (this.#parts.dispatcher.isUnderWay(delivery)) throw new DeliveryBusy(`${delivery.id} is being sent.`);
    const { signature: _before, ...unflawed } = delivery;
    const again: Delivery = {
      ...unflawed,
      ...(flaw !== undefined && { signature: flaw }),
      status: "pending",
      nextAt: now,
      tries: 0,
      isYielding: false,
    };
    sandbox.write(() => {
      deliveries.replan(sandbox, again);
      if (flaw !== delivery.signature) deliveries.saveSignature(sandbox, again);
      this.#send(sandbox, again);
      sandbox.settleAt(now);
    });
    return again;
  }

  #send(sandbox: Sandbox, delivery: Delivery, isFresh = false): void {
    const { nextAt, createdAt } = delivery;
    // One that is due later is read again then, and not kept in memory.
    const fresh = isFresh && nextAt === createdAt ? delivery : undefined;
    if (nextAt !== null) this.#parts.dispatcher.schedule(sandbox, { ...delivery, nextAt }, fresh);
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

  /** Counts once for all messages of the present work, because an instant may have thousands. */
  #keepWithinBoundsSoon(sandbox: Sandbox): void {
    if (this.#toCount.has(sandbox)) return;
    this.#toCount.add(sandbox);
    queueMicrotask(() => {
      this.#toCount.delete(sandbox);
      if (!sandbox.ending.aborted) this.#keepWithinBounds(sandbox);
    });
  }

  #keepWithinBounds(sandbox: Sandbox): void {
    const surplus = this.count(sandbox) - this.#parts.maxPerSandbox;
    if (surplus <= 0) return;
    const count = this.droppedFrom(sandbox) + deliveries.dropEnded(sandbox, surplus);
    this.#dropped.set(sandbox, { epoch: sandbox.epoch, count });
  }
}
