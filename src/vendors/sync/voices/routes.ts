/** Serves /v2/voices. */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { findMarkers } from "../../../engine/rule/marker.ts";
import { ScenarioRefused } from "../../../engine/scenario/plan.ts";
import { errors } from "../errors.ts";
import { failures, idParams } from "../schemas.ts";
import { cloneVoiceBody, voice, voiceListQuery } from "./schemas.ts";
import { cloneVoice, deleteVoice, findVoice, listVoices } from "./store.ts";

const tags = ["Voices"] as const;

export const voiceRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/v2/voices",
    {
      config: { operation: "listVoices" },
      schema: {
        operationId: "VoicesController_getVoices",
        tags,
        summary: "List voices, with the organisation's clones",
        querystring: voiceListQuery,
        response: { 200: z.array(voice), ...failures },
      },
    },
    async (request) => listVoices(request),
  );

  app.get(
    "/v2/voices/:id",
    {
      config: { operation: "getVoice" },
      schema: {
        operationId: "VoicesController_getVoice",
        tags,
        summary: "Read a voice",
        params: idParams,
        querystring: voiceListQuery,
        response: { 200: voice, ...failures },
      },
    },
    async (request) => findVoice(request, request.params.id),
  );

  app.post(
    "/v2/voices",
    {
      config: { operation: "cloneVoice" },
      schema: {
        operationId: "VoicesController_cloneVoice",
        tags,
        summary: "Clone a voice from an uploaded sample",
        body: cloneVoiceBody,
        response: { 201: voice, ...failures },
      },
    },
    async (request, reply) => {
      refuseAsMarked(request);
      reply.code(201);
      return cloneVoice(request, request.body);
    },
  );

  app.delete(
    "/v2/voices/:id",
    {
      config: { operation: "deleteVoice" },
      schema: {
        operationId: "VoicesController_deleteVoice",
        tags,
        summary: "Delete a cloned voice",
        params: idParams,
        response: { 200: z.literal(true), ...failures },
      },
    },
    async (request) => {
      deleteVoice(request, request.params.id);
      return true as const;
    },
  );
};

/**
 * Throws the error that a marker in the name asks for (`fauxgen:error=voice_clone_busy`). Cloning runs no job, so rules
 * and defaults choose no scenario here, and no scenario is used up.
 */
function refuseAsMarked(request: FastifyRequest): void {
  const { scenario } = findMarkers(request.body);
  if (scenario?.name !== "error") return;
  const error = scenario.value === undefined ? errors.internal() : errors.byCode(scenario.value, request);
  throw error ?? new ScenarioRefused("ERROR_CODE_UNKNOWN", `sync has no error "${scenario.value ?? ""}".`);
}
