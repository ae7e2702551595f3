/** Stores the deliveries of a sandbox and their attempts, and decodes them. */
import { z } from "zod";
import type { StoredDelivery } from "../../store/deliveries.ts";
import { readRow } from "../../store/unreadable-row.ts";
import { LAST_INSTANT } from "../base/clock.ts";
import { LONGEST_DURATION_MS } from "../base/durations.ts";
import type { Steps } from "../base/turns.ts";
import { signatureFlaw, webhookFaults } from "../model/webhook-faults.ts";
import { refuseForeign } from "../sandbox/documents.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import {
  deliveryStatuses,
  type Attempt,
  type Delivery,
  type DeliveryFilter,
  type DeliveryPlan,
  type DueDelivery,
  type NewDelivery,
} from "./delivery.ts";
import { receiverUrl } from "./receiver.ts";

/** The JSON document of a stored delivery. */
type DeliveryDocument = Pick<Delivery, "account" | "secret" | "body" | "webhookFaults" | "signature">;

/** Selects a page of a list: at most `limit`, after the row `after`. */
interface Page {
  readonly limit?: number;
  readonly after?: number | undefined;
}

/** Access to the deliveries of a sandbox. Call the writing methods inside a transaction. Readers throw `UnreadableRow`. */
export const deliveries = {
  insert(sandbox: Sandbox, delivery: NewDelivery): Delivery {
    const {
      id,
      isYielding,
      account: _account,
      secret: _secret,
      body: _body,
      webhookFaults: _faults,
      signature: _signature,
      ...columns
    } = delivery;
    const rowId = sandbox.store.deliveries.insert({
      ...columns,
      sandboxId: sandbox.rowId,
      publicId: id,
      yields: isYielding ? 1 : 0,
      document: documentText(delivery),
    });
    return { ...delivery, rowId, attempts: 0, tries: 0 };
  },

  /** Stores the state and the plan of a delivery. */
  replan(sandbox: Sandbox, { rowId, status, nextAt, attempts, tries, isYielding }: DeliveryPlan): void {
    sandbox.store.deliveries.change({ id: rowId, status, nextAt, attempts, tries, yields: isYielding ? 1 : 0 });
  },

  /** Stores the flaw with which the next attempts are signed, or none. */
  saveSignature(sandbox: Sandbox, delivery: Delivery): void {
    sandbox.store.deliveries.saveDocument(delivery.rowId, documentText(delivery));
  },

  insertAttempt(sandbox: Sandbox, { rowId }: Delivery, attempt: Attempt): void {
    sandbox.store.deliveries.insertAttempt(rowId, attempt.number, JSON.stringify(attempt));
  },

  find(sandbox: Sandbox, id: string): Delivery | undefined {
    const stored = sandbox.store.deliveries.findByPublicId(sandbox.rowId, id);
    return stored === undefined ? undefined : deliveryFrom(stored);
  },

  findByRow(sandbox: Sandbox, rowId: number): Delivery | undefined {
    const stored = sandbox.store.deliveries.findById(rowId);
    return stored === undefined ? undefined : deliveryFrom(stored);
  },

  /** Returns what the attempts of a delivery depend on, without decoding it. */
  planOf(sandbox: Sandbox, rowId: number): DeliveryPlan | undefined {
    const stored = sandbox.store.deliveries.findPlan(rowId);
    if (stored === undefined) return undefined;
    const { nextAt, attempts, tries, yields } = stored;
    return { rowId, status: deliveryStatus.parse(stored.status), nextAt, attempts, tries, isYielding: yields === 1 };
  },

  /** Lists matching deliveries, oldest first. */
  list(sandbox: Sandbox, filter: DeliveryFilter = {}, page: Page = {}): Delivery[] {
    return sandbox.store.deliveries.list({ ...filter, sandboxId: sandbox.rowId }, page).map(deliveryFrom);
  },

  /** Lists the newest deliveries, oldest first. */
  latest(sandbox: Sandbox, count: number): Delivery[] {
    return sandbox.store.deliveries.latest(sandbox.rowId, count).map(deliveryFrom);
  },

  count(sandbox: Sandbox, filter: DeliveryFilter = {}): number {
    return sandbox.store.deliveries.count({ ...filter, sandboxId: sandbox.rowId });
  },

  /** Lists the deliveries with a planned attempt, earliest first. */
  due(sandbox: Sandbox): DueDelivery[] {
    return sandbox.store.deliveries
      .pending(sandbox.rowId)
      .map(({ id: rowId, publicId: id, nextAt }) => ({ rowId, id, nextAt }));
  },

  /** Lists the deliveries that wait for the next one to this receiver, oldest first. */
  yielding(sandbox: Sandbox, receiver: string): Delivery[] {
    return sandbox.store.deliveries.yielding(sandbox.rowId, receiver).map(deliveryFrom);
  },

  /** Marks pending deliveries as collected: they are kept, and no attempt is planned. */
  collectPending(sandbox: Sandbox): void {
    sandbox.store.deliveries.collectPending(sandbox.rowId);
  },

  /** Deletes the `count` oldest deliveries that have ended, with their attempts; returns how many it deleted. */
  dropEnded(sandbox: Sandbox, count: number): number {
    return sandbox.store.deliveries.dropEnded(sandbox.rowId, count);
  },

  attemptsOf(sandbox: Sandbox, delivery: Delivery): Attempt[] {
    return sandbox.store.deliveries.attemptsOf(delivery.rowId).map((document) => attemptFrom(delivery, document));
  },

  /** Decodes every delivery of a sandbox and its attempts. */
  *check(sandbox: Sandbox): Steps<void> {
    for (let after = 0, isLast = false; !isLast; yield) {
      const page = sandbox.store.deliveries.list({ sandboxId: sandbox.rowId }, { limit: CHECKED_AT_ONCE, after });
      for (const stored of page) {
        refuseForeign(sandbox, "deliveries", stored.publicId, stored.accountId);
        this.attemptsOf(sandbox, deliveryFrom(stored));
      }
      isLast = page.length < CHECKED_AT_ONCE;
      after = page.at(-1)?.id ?? after;
    }
  },
};

function documentText({ account, secret, body, webhookFaults: faults, signature }: DeliveryDocument): string {
  return JSON.stringify({ account, secret, body, webhookFaults: faults, signature });
}

const CHECKED_AT_ONCE = 64;

const deliveryStatus = z.enum(deliveryStatuses);

/** The content of the `document` column. */
const deliveryDocument: z.ZodType<DeliveryDocument> = z.looseObject({
  account: z.string(),
  secret: z.string(),
  body: z.string(),
  webhookFaults: webhookFaults.exactOptional(),
  signature: signatureFlaw.exactOptional(),
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
function deliveryFrom(stored: StoredDelivery): Delivery {
  const { document, status } = readRow("deliveries", stored.publicId, () => {
    deliveryColumns.parse(stored);
    return {
      document: deliveryDocument.parse(JSON.parse(stored.document)),
      status: deliveryStatus.parse(stored.status),
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
function attemptFrom({ id }: Delivery, document: string): Attempt {
  return readRow("delivery_attempts", id, () => attemptDocument.parse(JSON.parse(document)));
}
