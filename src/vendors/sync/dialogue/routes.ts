/** Serves /v2/dialogue-edits: audio previews of an edited transcript, as jobs. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { observeAtCreation } from "../../../engine/model/observation.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { noteShown, readStatus } from "../../../http/request/reading.ts";
import { errors } from "../errors.ts";
import { failures, idParams } from "../schemas.ts";
import { createDialogueEditBody, dialogueEdit } from "./schemas.ts";
import { findDialogueEdit, startDialogueEdit } from "./store.ts";
import { formatDialogueEdit } from "./views.ts";

const tags = ["Dialogue Edits"] as const;

export const dialogueRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/v2/dialogue-edits",
    {
      config: { operation: "createDialogueEdit" },
      schema: {
        operationId: "DialogueEditsController_create",
        tags,
        summary: "Edit words of a transcript and preview the result as audio",
        body: createDialogueEditBody,
        response: { 201: dialogueEdit, ...failures },
      },
    },
    async (request, reply) => {
      const job = await startDialogueEdit(request, reply, request.body);
      reply.code(201);
      return formatDialogueEdit(noteShown(request, observeAtCreation(job)), request.sandbox, originOf(request));
    },
  );

  app.get(
    "/v2/dialogue-edits/:id",
    {
      config: { operation: "getDialogueEdit" },
      schema: {
        operationId: "DialogueEditsController_get",
        tags,
        summary: "Read a dialogue edit",
        params: idParams,
        response: { 200: dialogueEdit, ...failures },
      },
    },
    async (request) => {
      const observed = readStatus(request, findDialogueEdit(request, request.params.id), errors);
      return formatDialogueEdit(observed, request.sandbox, originOf(request));
    },
  );
};
