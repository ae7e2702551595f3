/** Serves /v2/batch and the result file of a batch. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { observe } from "../../../engine/model/observation.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { acceptForms } from "../../../http/uploads/forms.ts";
import { originOf, publicOrigin } from "../../../http/parsing/public-url.ts";
import { countRead } from "../../../http/request/reading.ts";
import { createBatch, planRecords, refuseLowPlan, refuseManyBatches } from "./create.ts";
import { BATCH_BYTES, readBatchForm } from "./form.ts";
import { batch, batchListQuery, createBatchBody, validated } from "./schemas.ts";
import { batchResultQuery, formatBatch } from "./views.ts";
import {
  batches,
  batchNotFound,
  batchRecords,
  findBatch,
  generationsOfBatch,
  hasEnded,
  statusAt,
  type Batch,
} from "./store.ts";
import { badRequest } from "../errors.ts";
import { resultToken } from "../result-token.ts";
import { failures, idParams } from "../schemas.ts";
import { formatGeneration } from "../generations/views.ts";

const tags = ["Batch"] as const;

export const batchRoutes: FastifyPluginAsyncZod = async (app) => {
  acceptForms(app);

  app.post(
    "/v2/batch",
    {
      config: { operation: "createBatch", readForm: readBatchForm },
      bodyLimit: BATCH_BYTES,
      schema: {
        operationId: "BatchController_createBatch",
        tags,
        summary: "Create or check a batch of generations",
        body: createBatchBody,
        response: { 201: z.union([batch, validated]), ...failures },
      },
      onRequest: async (request) => {
        refuseLowPlan(request);
      },
      preValidation: (request, _reply, done) => {
        request.sentBody = request.body;
        done();
      },
    },
    async (request, reply) => {
      const { rows, webhook_url, dry_run } = request.body;
      reply.code(201);
      if (dry_run === true) {
        planRecords(request, reply, rows);
        return { status: "VALIDATED" as const };
      }
      refuseManyBatches(request);
      const created = createBatch(request, reply, rows, webhook_url ?? null);
      return formatBatch(created, request.sandbox, originOf(request), undefined);
    },
  );

  app.get(
    "/v2/batch",
    {
      config: { operation: "listBatches" },
      schema: {
        operationId: "BatchController_getBatches",
        tags,
        summary: "List batches, newest first",
        querystring: batchListQuery,
        response: { 200: z.array(batch), ...failures },
      },
    },
    async (request) => {
      const { sandbox, account, now, query } = request;
      const { status, created_after, created_before } = query;
      return batches
        .ofAccount(sandbox, account)
        .filter((each) => status === undefined || status.length === 0 || status.includes(statusAt(each, now)))
        .filter(({ createdAt }) => created_after === undefined || createdAt > Date.parse(created_after))
        .filter(({ createdAt }) => created_before === undefined || createdAt < Date.parse(created_before))
        .reverse()
        .map((each) => formatBatch(each, sandbox, originOf(request), now));
    },
  );

  app.get(
    "/v2/batch/:id",
    {
      config: { operation: "getBatch" },
      schema: {
        operationId: "BatchController_getBatch",
        tags,
        summary: "Read a batch",
        params: idParams,
        response: { 200: batch, ...failures },
      },
    },
    async (request) => {
      const { sandbox, account, now, params } = request;
      const found = findBatch(request, params.id);
      // If reads advance jobs, a read of the batch counts as a read of each of its generations.
      if (found.document.countsReads && !hasEnded(found)) {
        for (const generation of generationsOfBatch(sandbox, account, found.id)) countRead(request, generation);
      }
      return formatBatch(findBatch(request, found.id), sandbox, originOf(request), now);
    },
  );

  // outputUrl points here; a request with the token needs no key.
  app.get(
    "/v2/batches/:id/result",
    {
      config: { operation: "getBatchResult", access: "public" },
      schema: {
        operationId: "BatchesController_getResult",
        tags,
        summary: "Redirect to the file with a line for each record",
        params: idParams,
        querystring: z.object({ token: z.string().optional(), sandbox: z.string().optional() }),
        response: { 302: z.undefined(), ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, params, query, keyVerdict } = request;
      const found = batches.find(sandbox, params.id);
      const isOwner = keyVerdict?.ok === true && found?.accountId === request.account.id;
      if (found === undefined || !(isOwner || isToken(sandbox, found, query.token))) throw batchNotFound();
      if (!hasEnded(found)) throw badRequest("The batch is not completed");
      const origin = publicOrigin(sandbox, originOf(request));
      const file = `${found.id}.jsonl?${batchResultQuery(sandbox, found.id)}`;
      return reply.redirect(`${origin}/_media/${sandbox.name}/sync/batches/${file}`);
    },
  );

  app.get(
    "/_media/:sandbox/sync/batches/:file",
    {
      config: { operation: "downloadOutput", access: "public" },
      schema: {
        hide: true,
        params: z.object({ sandbox: z.string(), file: z.string() }),
        querystring: z.object({ token: z.string().optional(), sandbox: z.string().optional() }),
      },
    },
    async (request, reply) => {
      const { sandbox, params, query } = request;
      const found = batches.find(sandbox, params.file.replace(/\.jsonl$/, ""));
      const isThere = params.sandbox === sandbox.name && found !== undefined && hasEnded(found);
      if (!isThere || !isToken(sandbox, found, query.token)) throw batchNotFound();
      const lines = linesOf(found, sandbox, originOf(request), request.now);
      return reply.type("application/jsonl; charset=utf-8").serializer(String).send(lines);
    },
  );
};

function isToken(sandbox: Sandbox, { id }: Batch, token: string | undefined): boolean {
  return token === resultToken(sandbox, id);
}

/**
 * Returns one line for each record, in the order of the records: its request_id and the generation, or null if the
 * generation has been deleted. No page shows a line; the keys are those that the vendor's own tool server shows of a
 * row [inferred].
 */
function linesOf(found: Batch, sandbox: Sandbox, origin: string, now: number): string {
  const account = sandbox.accounts.byId(found.accountId);
  const made = account === undefined ? [] : generationsOfBatch(sandbox, account, found.id);
  const byId = new Map(made.map((generation) => [generation.id, generation]));
  const { records } = batchRecords.find(sandbox, found.id)?.document ?? { records: [] };
  return records
    .map(({ requestId, generation: id }) => {
      const generation = byId.get(id);
      const response = generation && formatGeneration(observe(generation, now), sandbox, origin);
      return `${JSON.stringify({ request_id: requestId, response: response ?? null })}\n`;
    })
    .join("");
}
