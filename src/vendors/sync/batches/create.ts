/**
 * Creates the generations of a batch from its records. It checks every record before it creates the first generation.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Generation } from "../../../engine/model/generation.ts";
import { base62From } from "../../../engine/base/ids.ts";
import { ScenarioRefused } from "../../../engine/scenario/plan.ts";
import { submitterOf } from "../../../http/request/submitter.ts";
import { orderAnswer } from "../../../http/request/answer-order.ts";
import { chooseScenario } from "../../../http/request/creating.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { VendorError } from "../../../http/errors/vendor-error.ts";
import { hasPlan, stateOf, type Plan } from "../account.ts";
import { editRequestOf, findOwnEdit, refuseWithoutRollout } from "../dialogue/store.ts";
import type { BatchRecord } from "./schemas.ts";
import { batches, batchRecords, hasEnded, type Batch } from "./store.ts";
import { badRequest, batchConcurrencyLimit, refusal, unusableInput } from "../errors.ts";
import { capabilities } from "../capabilities.ts";
import { sourceOf } from "../organization/source.ts";
import type { GenerationEcho } from "../generations/store.ts";
import { planSubmission, type Submission } from "../generations/submission.ts";

/** Maximum length of an input, in seconds [doc: batch-processing]. */
const INPUT_SECONDS = 30;

/**
 * Maximum unfinished batches by plan [inferred: the documentation mentions the limit, but not its size].
 */
const BATCHES: Readonly<Partial<Record<Plan, number>>> = { scale: 2, enterprise: 10 };

/** Throws 402 [sdk] for plans below Scale [doc]; its code is [inferred]. */
export function refuseLowPlan({ account, now }: FastifyRequest): void {
  if (!hasPlan(stateOf(account, now), "scale")) throw refusal("plan_feature_unavailable");
}

/** Throws 429 [doc] if the organisation has its maximum of unfinished batches. */
export function refuseManyBatches({ sandbox, account, now }: FastifyRequest): void {
  if (!sandbox.settings.enforcesLimits(account)) return;
  const active = batches.ofAccount(sandbox, account).filter((batch) => !hasEnded(batch)).length;
  const limit = BATCHES[stateOf(account, now).plan] ?? 0;
  if (active < limit) return;
  throw batchConcurrencyLimit();
}

/** Checks every record. Throws the error of the first invalid record; its message names the row [doc]. */
export function planRecords(
  request: FastifyRequest,
  reply: FastifyReply,
  records: readonly BatchRecord[],
): Submission[] {
  const { rows } = request.sentBody as { readonly rows: readonly { readonly payload: GenerationEcho }[] };
  request.journal.keepRows(
    request.entry,
    records.map(({ payload }) => payload),
  );
  const seen = new Set<string>();
  const editSources = new Set<string>();
  return records.map(({ request_id, payload }, index) =>
    inRow({ index, request_id, payload }, () => {
      if (payload.dialogueEdit != null) refuseWithoutRollout(request, "generation");
      if (seen.has(request_id)) throw badRequest(`request_id ${request_id} is not unique`);
      seen.add(request_id);
      const submission = planSubmission(
        submitterOf(request, reply),
        payload,
        rows[index]?.payload ?? payload,
        sourceOf(request),
      );
      const edit = payload.dialogueEdit == null ? undefined : findOwnEdit(request, payload.dialogueEdit.id);
      if (edit !== undefined) editSources.add(editRequestOf(edit).sourceVideoUrl);
      // The rule is documented, its code is not [inferred].
      if (editSources.size > 1) throw refusal("dialogue_edit_unsupported", { field: "dialogueEdit" });
      if ((submission.length.known ?? 0) > INPUT_SECONDS)
        throw unusableInput("generation_input_duration_greater_than_max_duration");
      return submission;
    }),
  );
}

/** Creates the batch and all its generations in one transaction. */
export function createBatch(
  request: FastifyRequest,
  reply: FastifyReply,
  records: readonly BatchRecord[],
  webhookUrl: string | null,
): Batch {
  const { sandbox, account, now, entry } = request;
  const planned = planRecords(request, reply, records);
  const origin = originOf(request);
  const { batch, made } = sandbox.write(() => {
    const id = `batch_${base62From(account.nextDigest("sync", "batch"), 16)}`;
    const made = planned.map((submission, index): Generation => {
      const { request_id, payload } = records[index] ?? { request_id: "", payload: {} };
      return inRow({ index, request_id, payload }, () => {
        const { choice, label } = chooseScenario(request, reply, capabilities, payload);
        const { flaw: _flaw, ...draft } = submission.draft();
        const facts = { ...draft.facts, batch: id };
        const job = { kind: "generation", account, label, ...draft, facts, vendor: "sync", origin };
        return sandbox.generations.create(job, choice, now);
      });
    });
    const document = {
      webhookUrl,
      total: made.length,
      started: 0,
      succeeded: 0,
      failed: 0,
      pendingUntil: now + pendingMs(made),
      endedAt: null,
      countsReads: made.some(({ timeline }) => timeline.polls !== undefined),
    };
    const names = made.map((generation, index) => ({
      requestId: records[index]?.request_id ?? "",
      generation: generation.id,
    }));
    batchRecords.insert(request, id, { records: names });
    return { batch: batches.insert(request, id, document), made };
  });
  entry.generations = made.map(({ id }) => id);
  orderAnswer(request, reply, made);
  return batch;
}

/**
 * Returns how long a batch is pending: half of the time until its first job starts, so that clients can see both
 * states.
 */
function pendingMs(generations: readonly Generation[]): number {
  const waits = generations.map(({ timeline }) => timeline.steps[1]?.offset ?? 2);
  return Math.floor(Math.min(...waits) / 2);
}

/** A record and its place in the batch; the payload is empty where it is not known. */
interface Row {
  readonly index: number;
  readonly request_id: string;
  readonly payload: { readonly dialogueEdit?: unknown };
}

/** Runs `work` and adds the row to the message of the error that it throws. */
function inRow<Result>({ index, request_id, payload }: Row, work: () => Result): Result {
  const place = `Row ${index + 1} (request_id ${request_id})`;
  const hasEdit = payload.dialogueEdit != null;
  try {
    return work();
  } catch (error) {
    if (error instanceof ScenarioRefused) throw new ScenarioRefused(error.code, `${place}: ${error.message}`);
    if (!(error instanceof VendorError)) throw error;
    throw new VendorError(error.status, named(place, error.body, hasEdit ? index + 1 : undefined), {
      headers: error.headers,
      ...(error.diagnostic !== undefined && { diagnostic: error.diagnostic }),
    });
  }
}

/** Returns an error's body with the row in its message; a refused row with a dialogue edit also has its number [doc]. */
function named(place: string, body: unknown, lineNumber: number | undefined): unknown {
  const entries = Object.entries(body as Readonly<Record<string, unknown>>);
  const told = entries.map(([key, value]) => [key, key === "message" ? `${place}: ${String(value)}` : value] as const);
  return { ...Object.fromEntries(told), ...(lineNumber !== undefined && { lineNumber }) };
}
