/**
 * Stores batches: groups of generations, each with its own scenario. The status of a batch follows from counts of its
 * generations' states; every transition of a generation updates the counts.
 */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Account } from "../../../engine/generation/accounts.ts";
import type { Instant } from "../../../engine/base/clock.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import type { Transition } from "../../../engine/generation/generations.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import { documentKind, type StoredDocument } from "../../../engine/sandbox/documents.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import type { BatchView } from "./schemas.ts";
import { plainError } from "../errors.ts";

const batchDocument = z.strictObject({
  webhookUrl: z.string().nullable(),
  total: z.int(),
  /** How many of its generations have started, succeeded and failed. */
  started: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  /** The instant until which the batch is PENDING; its jobs then exist and wait. */
  pendingUntil: z.int(),
  endedAt: z.int().nullable(),
  /** Whether a read of the batch advances its generations, as a read of each generation would. */
  countsReads: z.boolean(),
});

type BatchDocument = z.output<typeof batchDocument>;
export type Batch = StoredDocument<BatchDocument>;

export const batches = documentKind("sync", "batch", batchDocument);

/** The generation of each record, stored separately because it never changes. */
export const batchRecords = documentKind(
  "sync",
  "batch records",
  z.strictObject({ records: z.array(z.strictObject({ requestId: z.string(), generation: z.string() })) }),
);

/** Returns the organisation's batch. Throws 404 [doc], without a code [inferred: the catalogue has none for it]. */
export function findBatch(request: FastifyRequest, id: string): Batch {
  const found = batches.findOwn(request, id);
  if (found === undefined) throw batchNotFound();
  return found;
}

export const batchNotFound = (): Error => plainError(404, "Batch not found");

export function generationsOfBatch(sandbox: Sandbox, account: Account, id: string): Generation[] {
  return sandbox.generations.list(
    { accountId: account.id, vendor: "sync", kind: "generation", facts: { batch: [id] } },
    { order: "oldest" },
  );
}

/** Updates the counts of a generation's batch, in the transaction that announces the transition. */
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

/** Returns the batch that a transition has ended. Call it after the transition was counted. */
export function batchEndedBy(sandbox: Sandbox, { generation, to, at }: Transition): Batch | undefined {
  const batch = isTerminal(to) ? batchOf(sandbox, generation) : undefined;
  return batch?.document.endedAt === at ? batch : undefined;
}

/** Returns the status of a batch at an instant. */
export function statusAt({ document }: Batch, now: Instant): BatchView["status"] {
  const { total, started, succeeded, failed, pendingUntil } = document;
  if (succeeded + failed === total) return failed === total ? "FAILED" : "COMPLETED";
  if (started + succeeded + failed > 0) return "PROCESSING";
  return now < pendingUntil ? "PENDING" : "JOBS_CREATED";
}

export function hasEnded({ document }: Batch): boolean {
  return document.endedAt !== null;
}

function batchOf(sandbox: Sandbox, { kind, facts }: Generation): Batch | undefined {
  const id = kind === "generation" ? facts.batch : undefined;
  return id === undefined || id === "" ? undefined : batches.find(sandbox, id);
}
