/** Serves Acme's routes: jobs, and one route for each other feature that a rule is tested on. */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Generation } from "../../../src/engine/model/generation.ts";
import { observe, observeAtCreation } from "../../../src/engine/model/observation.ts";
import { isTerminal } from "../../../src/engine/model/phases.ts";
import { mediaUrl } from "../../../src/http/parsing/media-url.ts";
import { originOf } from "../../../src/http/parsing/public-url.ts";
import { queryBoolean, queryInteger } from "../../../src/http/parsing/query-codecs.ts";
import { createGeneration, createGenerations } from "../../../src/http/request/creating.ts";
import { holdUntilEnd, refuseWhenFull } from "../../../src/http/request/hold.ts";
import { countStatusRead } from "../../../src/http/request/reading.ts";
import { submitterOf } from "../../../src/http/request/submitter.ts";
import { openEventStream } from "../../../src/http/server/event-stream.ts";
import { openUploadSlot, slotUrl, uploadedFileUrl } from "../../../src/http/uploads/slots.ts";
import { stateOf } from "./account.ts";
import { capabilities } from "./capabilities.ts";
import { errors, notFound } from "./errors.ts";
import { batch, batchBody, credits, failures, health, job, jobBody, slot, slotBody } from "./schemas.ts";
import { settingsOf } from "./settings.ts";
import { planSubmission } from "./submission.ts";
import { formatJob } from "./views.ts";

const idParams = z.object({ id: z.string() });
const waitQuery = z.object({ wait: queryBoolean.optional() });

export const routes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/acme/jobs",
    {
      config: { operation: "createGeneration" },
      schema: { body: jobBody, querystring: waitQuery, response: { 201: job, ...failures } },
    },
    async (request, reply) => {
      const { sandbox, query, body } = request;
      if (query.wait === true) refuseWhenFull(request);
      const planned = planSubmission(submitterOf(request, reply), body);
      const created = createGeneration(request, reply, capabilities, planned);
      reply.code(201);
      if (query.wait !== true) return formatJob(observeAtCreation(created), sandbox, originOf(request));
      await request.written;
      const observed = await holdUntilEnd(request, reply, created, settingsOf(sandbox).patience);
      return observed === undefined ? reply : formatJob(observed, sandbox, originOf(request));
    },
  );

  // Creates several jobs in one transaction.
  app.post(
    "/acme/batches",
    { config: { operation: "createBatch" }, schema: { body: batchBody, response: { 201: batch, ...failures } } },
    async (request, reply) => {
      const planned = request.body.jobs.map((each) => planSubmission(submitterOf(request, reply), each));
      const created = createGenerations(request, reply, capabilities, {
        drafts: () => planned.map(({ draft }) => draft()),
        charge: () => {
          for (const { charge } of planned) charge?.();
        },
      });
      reply.code(201);
      return { jobs: created.map((each) => formatJob(observeAtCreation(each), request.sandbox, originOf(request))) };
    },
  );

  app.get(
    "/acme/jobs/:id",
    {
      config: { operation: "getGeneration" },
      schema: {
        params: idParams,
        querystring: waitQuery.extend({ timeout: queryInteger({ min: 1 }).optional() }),
        response: { 200: job, ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, now, params, query } = request;
      const found = countStatusRead(request, findJob(request, params.id), errors);
      const waitMs = Math.min((query.timeout ?? Infinity) * 1000, settingsOf(sandbox).patience);
      const observed = query.wait === true ? await holdUntilEnd(request, reply, found, waitMs) : observe(found, now);
      // The client disconnected.
      if (observed === undefined) return reply;
      return formatJob(observed, sandbox, originOf(request));
    },
  );

  app.delete(
    "/acme/jobs/:id",
    {
      config: { operation: "deleteGeneration" },
      schema: { params: idParams, response: { 200: job, ...failures } },
    },
    async (request) => {
      const { sandbox, now } = request;
      const found = findJob(request, request.params.id);
      const observed = observe(found, now);
      if (!isTerminal(observed.phase)) throw errors.invalid([]);
      sandbox.write(() => {
        sandbox.generations.delete(found, now);
      });
      return formatJob(observed, sandbox, originOf(request));
    },
  );

  // Needs no key.
  app.get(
    "/acme/jobs/:id/result",
    {
      config: { operation: "getGenerationResult", access: "public" },
      schema: { params: idParams, response: { 302: z.undefined(), ...failures } },
    },
    async (request, reply) => {
      const { sandbox, params } = request;
      const found = sandbox.generations.find("acme", params.id);
      if (found === undefined) throw notFound();
      return reply.redirect(mediaUrl(sandbox, originOf(request), { vendor: "acme", name: `${found.id}.jpg` }));
    },
  );

  app.get(
    "/acme/credits",
    { config: { operation: "getCredits" }, schema: { response: { 200: credits, ...failures } } },
    async ({ account }) => {
      const { plan, credits: left } = stateOf(account);
      return { plan, credits: left };
    },
  );

  app.get(
    "/acme/health",
    { config: { operation: "checkHealth", access: "public" }, schema: { response: { 200: health, ...failures } } },
    async () => ({ state: "well" as const }),
  );

  app.post(
    "/acme/uploads",
    { config: { operation: "createAssetUpload" }, schema: { body: slotBody, response: { 201: slot, ...failures } } },
    async (request, reply) => {
      const { sandbox, account, now, body } = request;
      const wanted = { account, vendor: "acme", now, lifetimeMs: 3_600_000, contentType: body.contentType };
      const opened = sandbox.write(() => openUploadSlot(sandbox, wanted));
      const origin = originOf(request);
      reply.code(201);
      return {
        uploadUrl: slotUrl(sandbox, origin, opened),
        url: uploadedFileUrl(sandbox, origin, opened.token, body.contentType),
      };
    },
  );

  app.get("/acme/events", { config: { operation: "followEvents" } }, async (request, reply) => {
    const { sandbox, entry } = request;
    const stream = openEventStream(sandbox, reply, {
      heartbeat: "still here",
      heartbeatMs: 15_000,
      onWrite: (bytes) => {
        entry.responseBytes += bytes;
      },
    });
    const unfollow = sandbox.events.follow((event) => {
      if (event.kind === "generation.transition") stream.send("job", JSON.stringify({ id: event.id, to: event.to }));
    });
    stream.onClose(unfollow);
    return reply;
  });
};

/** Finds a job of the account. Throws 404. */
function findJob({ sandbox, account }: FastifyRequest, id: string): Generation {
  const found = sandbox.generations.find("acme", id);
  if (found?.accountId !== account.id) throw notFound();
  return found;
}
