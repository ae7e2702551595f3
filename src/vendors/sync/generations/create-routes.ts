/** Serves POST /v2/generate and GET /v2/generate/{id}. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { observe } from "../../../engine/model/observation.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import { acceptForms } from "../../../http/uploads/forms.ts";
import { holdUntilEnd } from "../../../http/request/hold.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { countStatusRead, noteShown } from "../../../http/request/reading.ts";
import { createOnce } from "./create.ts";
import { errors } from "../errors.ts";
import { findGeneration } from "./find.ts";
import { generateBody, generation } from "./schemas.ts";
import { readGenerateForm } from "./form.ts";
import { failures, idParams } from "../schemas.ts";
import { keepSentBody } from "./store.ts";
import { formatGeneration } from "./views.ts";
import { vintageOf } from "../vintage.ts";
import { addWaitHeaders, readQuery, readRequestOf } from "./read-query.ts";

export const generateRoutes: FastifyPluginAsyncZod = async (app) => {
  acceptForms(app);

  app.post(
    "/v2/generate",
    {
      config: { operation: "createGeneration", readForm: readGenerateForm },
      schema: {
        operationId: "GenerateController_createGeneration",
        tags: ["Generate"],
        summary: "Create a generation",
        body: generateBody,
        response: { 201: generation, ...failures },
      },
      preValidation: (request, _reply, done) => {
        keepSentBody(request);
        done();
      },
    },
    async (request, reply) => {
      const observed = await createOnce(request, reply, request.body);
      reply.code(201);
      return formatGeneration(observed, request.sandbox, originOf(request));
    },
  );

  app.get(
    "/v2/generate/:id",
    {
      config: { operation: "getGeneration" },
      schema: {
        operationId: "GenerateController_getGeneration",
        tags: ["Generate"],
        summary: "Read a generation",
        params: idParams,
        querystring: readQuery,
        response: { 200: generation, ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, params, query } = request;
      const vintage = vintageOf(sandbox);
      const { waitSeconds, progress } = readRequestOf(query, vintage);
      const found = countStatusRead(request, findGeneration(request, params.id), errors);
      if (waitSeconds === undefined)
        return formatGeneration(noteShown(request, observe(found, request.now)), sandbox, originOf(request), {
          progress,
        });
      const observed = await holdUntilEnd(request, reply, found, waitSeconds * 1000);
      // The client has disconnected, so no response is sent.
      if (observed === undefined) return reply;
      addWaitHeaders(reply, waitSeconds, vintage, isTerminal(observed.phase));
      return formatGeneration(observed, sandbox, originOf(request));
    },
  );
};
