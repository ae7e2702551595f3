/** Acme's routes: each reads the request, calls the engine once, and formats the result. */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Generation } from "../../engine/model/generation.ts";
import { observe, observeAtCreation } from "../../engine/model/observation.ts";
import { originOf } from "../../http/parsing/public-url.ts";
import { queryBoolean } from "../../http/parsing/query-codecs.ts";
import { createGeneration } from "../../http/request/creating.ts";
import { holdUntilEnd } from "../../http/request/hold.ts";
import { countStatusRead } from "../../http/request/reading.ts";
import { submitterOf } from "../../http/request/submitter.ts";
import { inkOf } from "./account.ts";
import { capabilities } from "./capabilities.ts";
import { errors, notFound } from "./errors.ts";
import { failures, inkLevel, picture, pictureBody } from "./schemas.ts";
import { planSubmission } from "./submission.ts";
import { formatPicture } from "./views.ts";

/** The longest time for which a waiting read is held. */
const LONGEST_WAIT_MS = 30_000;

export const routes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/acme/v1/pictures",
    {
      config: { operation: "createGeneration" },
      schema: { summary: "Order a picture", body: pictureBody, response: { 201: picture, ...failures } },
    },
    async (request, reply) => {
      const { draft, charge } = planSubmission(submitterOf(request, reply), request.body);
      const created = observeAtCreation(createGeneration(request, reply, capabilities, { draft, charge }));
      reply.code(201);
      return formatPicture(created, request.sandbox, originOf(request));
    },
  );

  app.get(
    "/acme/v1/pictures/:id",
    {
      config: { operation: "getGeneration" },
      schema: {
        summary: "Read a picture, or wait for it",
        params: z.object({ id: z.string() }),
        querystring: z.object({ wait: queryBoolean.optional() }),
        response: { 200: picture, ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, now, params, query } = request;
      const found = countStatusRead(request, findPicture(request, params.id), errors);
      const observed =
        query.wait === true ? await holdUntilEnd(request, reply, found, LONGEST_WAIT_MS) : observe(found, now);
      // The client has disconnected.
      if (observed === undefined) return reply;
      return formatPicture(observed, sandbox, originOf(request));
    },
  );

  app.get(
    "/acme/v1/ink",
    {
      config: { operation: "getInk" },
      schema: { summary: "Read how much ink is left", response: { 200: inkLevel, ...failures } },
    },
    async (request) => ({ ink: inkOf(request.account) }),
  );
};

/** Returns the account's own picture. Throws 404. */
function findPicture({ sandbox, account }: FastifyRequest, id: string): Generation {
  const found = sandbox.generations.find("acme", id);
  if (found?.accountId !== account.id) throw notFound();
  return found;
}
