/**
 * Batches: one entity over many generations, each with a scenario of its own. What a batch is follows from counts of
 * what its generations have come to; every transition of one of them brings the counts up to date.
 */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Account } from "../../../engine/generation/accounts.ts";
import type { Instant } from "../../../engine/base/clock.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import type { Transition } from "../../../engine/generation/generations.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { publicOrigin } from "../../../http/parsing/public-url.ts";
import type { BatchView } from "./schemas.ts";
import { documentKind, type Kept } from "../documents.ts";
import { plainError } from "../errors.ts";
import { resultToken } from "../result-token.ts";
import { formatInstant } from "../views.ts";

const batchDocument = z.strictObject({
  webhookUrl: z.string().nullable(),
  total: z.int(),
  /** Of its generations, how many have begun to be processed, and how many have ended well and badly. */
  started: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  /** Until when the batch is pending: its jobs then exist, and wait. */
  pendingUntil: z.int(),
  endedAt: z.int().nullable(),
  /** Whether reading the batch moves its generations on, as reading each of them would. */
  countsReads: z.boolean(),
});

type BatchDocument = z.output<typeof batchDocument>;
export type Batch = Kept<BatchDocument>;

export const batches = documentKind("batch", batchDocument);

/** Which generation each record has become; kept apart, since it never changes. */
export const batchRecords = documentKind(
  "batch records",
  z.strictObject({ records: z.array(z.strictObject({ requestId: z.string(), generation: z.string() })) }),
);

/** The organisation's batch. Throws 404 [doc], without a code [inferred: the catalogue has none for it]. */
export function findBatch({ sandbox, account }: FastifyRequest, id: string): Batch {
  const found = batches.find(sandbox, id);
  if (found?.accountId !== account.id) throw batchNotFound();
  return found;
}

export const batchNotFound = (): Error => plainError(404, "Batch not found");

export function generationsOfBatch(sandbox: Sandbox, account: Account, id: string): Generation[] {
  return sandbox.generations.list(
    { accountId: account.id, vendor: "sync", kind: "generation", facts: { batch: [id] } },
    { order: "oldest" },
  );
}

/** Brings the counts of a generation's batch up to date, in the transaction that announces the transition. */
export function countInBatch(sandbox: Sandbox, { generation, to, at }: Transition): void {
  const batch = batchOf(sandbox, generation);
  if (batch === undefined) return;
  const { started, succeeded, failed, total, endedAt } = batch.document;
  const counted = {
    started: started + (to === "processing" ? 1 : 0),
    succeeded: succeeded + (to === "succeeded" ? 1 : 0),
    failed: failed + (isTerminal(to) && to !== "succeeded" ? 1 : 0),
  };
  const isLast = isTerminal(to) && counted.succeeded + counted.failed === total;
  batches.replace(sandbox, batch, { ...batch.document, ...counted, endedAt: isLast ? at : endedAt });
}

/** The batch that a transition has ended; call it after the transition was counted. */
export function batchEndedBy(sandbox: Sandbox, { generation, to, at }: Transition): Batch | undefined {
  const batch = isTerminal(to) ? batchOf(sandbox, generation) : undefined;
  return batch?.document.endedAt === at ? batch : undefined;
}

/** PENDING comes first whatever the time is, as in every answer to a create. */
export function statusAt({ document }: Batch, now: Instant): BatchView["status"] {
  const { total, started, succeeded, failed, pendingUntil } = document;
  if (succeeded + failed === total) return failed === total ? "FAILED" : "COMPLETED";
  if (started + succeeded + failed > 0) return "PROCESSING";
  return now < pendingUntil ? "PENDING" : "JOBS_CREATED";
}

export function hasEnded({ document }: Batch): boolean {
  return document.endedAt !== null;
}

/** `now` is undefined for the answer to the create. */
export function formatBatch(batch: Batch, sandbox: Sandbox, origin: string, now: Instant | undefined): BatchView {
  const { total, succeeded, failed, webhookUrl } = batch.document;
  const status = now === undefined ? "PENDING" : statusAt(batch, now);
  const isNew = status === "PENDING";
  return {
    id: batch.id,
    created_at: formatInstant(batch.createdAt),
    status,
    metrics: {
      total_generations: total,
      success_count: isNew ? 0 : succeeded,
      failed_count: isNew ? 0 : failed,
      // None while there are no jobs yet, as in the example of an answer to a create [doc].
      pending_count: isNew ? 0 : total - succeeded - failed,
    },
    webhookUrl,
    outputUrl: status === "COMPLETED" || status === "FAILED" ? resultUrl(batch, sandbox, origin) : "",
  };
}

/** The real one has no query; the token and the sandbox let it be followed without a key. */
function resultUrl({ id }: Batch, sandbox: Sandbox, origin: string): string {
  return `${publicOrigin(sandbox, origin)}/v2/batches/${id}/result?${batchResultQuery(sandbox, id)}`;
}

export function batchResultQuery(sandbox: Sandbox, id: string): string {
  return `token=${resultToken(sandbox, id)}&sandbox=${sandbox.name}`;
}

function batchOf(sandbox: Sandbox, { kind, facts }: Generation): Batch | undefined {
  const id = kind === "generation" ? facts.batch : undefined;
  return id === undefined || id === "" ? undefined : batches.find(sandbox, id);
}
