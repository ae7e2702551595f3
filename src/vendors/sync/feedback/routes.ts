/** Serves POST /v2/feedback. The emulator keeps no report, because no route shows one; the journal has the request. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { uuidFrom } from "../../../engine/base/ids.ts";
import { failures } from "../schemas.ts";
import { feedbackBody, receipt } from "./schemas.ts";

export const feedbackRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/v2/feedback",
    {
      config: { operation: "submitFeedback" },
      schema: {
        operationId: "FeedbackController_submit",
        tags: ["Feedback"],
        summary: "Report a problem with the API",
        body: feedbackBody,
        response: { 201: receipt, ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, account } = request;
      reply.code(201);
      return { id: uuidFrom(sandbox.write(() => account.nextDigest("sync", "feedback"))) };
    },
  );
};
