/**
 * Serves the routes that answer once the images and videos exist [doc: image_generation, image_editing,
 * video_generation; spec].
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { isGiven } from "../generations/sent-parameters.ts";
import { MODEL_MESSAGES } from "../model-messages.ts";
import { failures } from "../schemas.ts";
import { answerNow } from "./answer.ts";
import { editBody, imageBody, imageResponse, videoBody, videoResponse } from "./schemas.ts";

const tags = ["Synchronous"] as const;

export const synchronousRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/api/ai/images/generate",
    {
      config: { operation: "generateImage", echoesNumbers: true, hasOpenBody: true },
      schema: { summary: "Generate images", tags, body: imageBody, response: { 200: imageResponse, ...failures } },
    },
    async (request, reply) => {
      const answer = await answerNow(request, reply, request.body, { medium: "image", documented: imageBody });
      return answer === undefined ? reply : { model: answer.model, created: answer.created, images: answer.media };
    },
  );

  app.post(
    "/api/ai/images/edit",
    {
      config: { operation: "editImage", echoesNumbers: true, hasOpenBody: true },
      schema: { summary: "Edit an image", tags, body: editBody, response: { 200: imageResponse, ...failures } },
    },
    async (request, reply) => {
      // The spec has `image` where the prose and the models have `input_image`.
      const { image, ...body } = request.body;
      const input_image = body.input_image ?? image;
      const edit = { ...body, ...(isGiven(input_image) && { input_image }) };
      const answer = await answerNow(request, reply, edit, {
        medium: "image",
        documented: editBody,
        // The prose requires an image; a model's page may show a body with only a prompt, so its schema decides.
        problemOf: ({ listed }, { input_images }) =>
          listed.request_schema !== null || isGiven(input_image) || isGiven(input_images)
            ? undefined
            : MODEL_MESSAGES.field_required,
      });
      return answer === undefined ? reply : { model: answer.model, created: answer.created, images: answer.media };
    },
  );

  app.post(
    "/api/ai/videos/generate",
    {
      config: { operation: "generateVideo", echoesNumbers: true, hasOpenBody: true },
      schema: { summary: "Generate a video", tags, body: videoBody, response: { 200: videoResponse, ...failures } },
    },
    async (request, reply) => {
      const answer = await answerNow(request, reply, request.body, {
        medium: "video",
        documented: videoBody,
        problemOf: (_model, { prompt, multi_prompt: shots }) =>
          isGiven(prompt) && isGiven(shots) ? MODEL_MESSAGES.prompt_conflict : undefined,
      });
      return answer === undefined ? reply : { model: answer.model, created: answer.created, videos: answer.media };
    },
  );
};
