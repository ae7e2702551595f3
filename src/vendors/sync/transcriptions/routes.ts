/** Serves /v2/transcriptions: word-level transcripts as jobs, and the analysis of their speakers. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { observe, observeAtCreation } from "../../../engine/model/observation.ts";
import { noteShown, readStatus } from "../../../http/request/reading.ts";
import { errors, plainError } from "../errors.ts";
import { failures, idParams } from "../schemas.ts";
import {
  faceTrackOf,
  findAnalysis,
  formatAnalysis,
  isFaceTrackToken,
  readCompleted,
  startAnalysis,
} from "./speakers.ts";
import { analyzeSpeakersBody, createTranscriptionBody, speakerAnalysis, transcription } from "./schemas.ts";
import { findTranscription, transcribeOnce } from "./store.ts";
import { formatTranscription } from "./views.ts";

const tags = ["Transcriptions"] as const;

export const transcriptionRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/v2/transcriptions",
    {
      config: { operation: "createTranscription" },
      schema: {
        operationId: "TranscriptionsController_create",
        tags,
        summary: "Transcribe a stored video or its sound, for a dialogue edit",
        body: createTranscriptionBody,
        response: { 201: transcription, ...failures },
      },
    },
    async (request, reply) => {
      const { job, isNew } = await transcribeOnce(request, reply, request.body);
      reply.code(201);
      const observed = noteShown(request, isNew ? observeAtCreation(job) : observe(job, request.now));
      return formatTranscription(observed, request.sandbox);
    },
  );

  app.get(
    "/v2/transcriptions/:id",
    {
      config: { operation: "getTranscription" },
      schema: {
        operationId: "TranscriptionsController_get",
        tags,
        summary: "Read a transcription",
        params: idParams,
        response: { 200: transcription, ...failures },
      },
    },
    async (request) => {
      const observed = readStatus(request, findTranscription(request, request.params.id), errors);
      return formatTranscription(observed, request.sandbox);
    },
  );

  app.get(
    "/v2/transcriptions/:id/speaker-analysis",
    {
      config: { operation: "getSpeakerAnalysis" },
      schema: {
        operationId: "TranscriptionsController_getSpeakerAnalysis",
        tags,
        summary: "Read which face belongs to each speaker of a transcription",
        params: idParams,
        response: { 200: speakerAnalysis, ...failures },
      },
    },
    async (request) => {
      const transcribed = readCompleted(request, request.params.id);
      const found = findAnalysis(request, transcribed);
      const observed = found && readStatus(request, found, errors);
      return formatAnalysis(request, transcribed, observed);
    },
  );

  app.post(
    "/v2/transcriptions/:id/speaker-analysis",
    {
      config: { operation: "analyzeSpeakers" },
      schema: {
        operationId: "TranscriptionsController_analyzeSpeakers",
        tags,
        summary: "Match the speakers of a transcription to faces",
        params: idParams,
        body: analyzeSpeakersBody,
        response: { 201: speakerAnalysis, ...failures },
      },
    },
    async (request, reply) => {
      const transcribed = readCompleted(request, request.params.id);
      const { analysis, reason } = startAnalysis(request, reply, transcribed);
      reply.code(201);
      return formatAnalysis(request, transcribed, analysis, reason);
    },
  );

  // The face track of a speaker is a public file [client: the tool server].
  app.get(
    "/_media/:sandbox/sync/face-tracks/:file",
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
      const isOwn = params.sandbox === sandbox.name && isFaceTrackToken(sandbox, params.file, query.token);
      const track = isOwn ? faceTrackOf(sandbox, params.file) : undefined;
      if (track === undefined) throw plainError(404, "Face track not found");
      return reply.type("application/json; charset=utf-8").serializer(JSON.stringify).send(track);
    },
  );
};
