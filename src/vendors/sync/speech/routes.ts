/** Serves /v2/tts: speech at once, and speech as a job. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { observe, observeAtCreation } from "../../../engine/model/observation.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { noteShown, readStatus } from "../../../http/request/reading.ts";
import { errors } from "../errors.ts";
import { readIdempotencyKey } from "../idempotency.ts";
import { failures, idParams } from "../schemas.ts";
import { durationOf, formatSpeechJob, speechUrl } from "./views.ts";
import { findSpeechJob } from "./find.ts";
import { createSpeech, createSpeechJob } from "./create.ts";
import { speech, speechBody, speechJob } from "./schemas.ts";

const tags = ["Text-to-Speech"] as const;

export const ttsRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/v2/tts",
    {
      config: { operation: "createTts" },
      schema: {
        operationId: "TtsController_create",
        tags,
        summary: "Make speech from text",
        body: speechBody,
        response: { 200: speech, ...failures },
      },
    },
    async (request, reply) => {
      const made = createSpeech(request, reply, request.body);
      return { id: made.id, url: speechUrl(made, request.sandbox, originOf(request)), duration: durationOf(made) };
    },
  );

  app.post(
    "/v2/tts/jobs",
    {
      config: { operation: "createTtsJob" },
      schema: {
        operationId: "TtsController_createJob",
        tags,
        summary: "Start a job that makes speech from text",
        body: speechBody,
        response: { 202: speechJob, ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, now } = request;
      const key = readIdempotencyKey(request, "createTtsJob", request.body);
      const known = key?.boundTo === undefined ? undefined : findSpeechJob(request, key.boundTo);
      const job =
        known ??
        sandbox.write(() => {
          const created = createSpeechJob(request, reply, request.body);
          key?.bind(created.id);
          return created;
        });
      reply.code(202).header("location", `/v2/tts/jobs/${job.id}`);
      // A replay answers the job in its current state [doc].
      const observed = noteShown(request, known === undefined ? observeAtCreation(job) : observe(job, now));
      return formatSpeechJob(observed, sandbox, originOf(request));
    },
  );

  app.get(
    "/v2/tts/jobs/:id",
    {
      config: { operation: "getTtsJob" },
      schema: {
        operationId: "TtsController_getJob",
        tags,
        summary: "Read a speech job",
        params: idParams,
        response: { 200: speechJob, ...failures },
      },
    },
    async (request, reply) => {
      const observed = readStatus(request, findSpeechJob(request, request.params.id), errors);
      // The final response has no Retry-After [doc].
      if (!isTerminal(observed.phase)) reply.header("retry-after", "3");
      return formatSpeechJob(observed, request.sandbox, originOf(request));
    },
  );
};
