/** Serves the deprecated routes of single images, which clients still use. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { observe } from "../../../engine/model/observation.ts";
import { readStatus } from "../../../http/request/reading.ts";
import { formatSuccess } from "../envelope.ts";
import { errors } from "../errors.ts";
import { findOwnGeneration, outputOf } from "./find.ts";
import { failures } from "../schemas.ts";
import { deleted, generationStatus, singleImageStatus } from "./schemas.ts";
import { formatImageStatus } from "./views.ts";

const byGeneration = z.object({ generation_id: z.string() });
const byImage = byGeneration.extend({ image_id: z.string() });
const tags = ["Generation"] as const;

export const imageRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/pub/v1/generations/:generation_id/status",
    {
      config: { operation: "getGenerationStatus" },
      schema: {
        summary: "Generation Status (Deprecating)",
        tags,
        params: byGeneration,
        response: { 200: generationStatus, ...failures },
      },
    },
    async (request) => {
      const { outputs } = readStatus(request, findOwnGeneration(request, request.params.generation_id), errors);
      return formatSuccess(outputs.flatMap((output) => formatImageStatus(output, request.sandbox) ?? []));
    },
  );

  app.get(
    "/pub/v1/generations/:generation_id/images/:image_id/status",
    {
      config: { operation: "getImageStatus" },
      schema: {
        summary: "Image Status (Deprecating)",
        tags,
        params: byImage,
        response: { 200: singleImageStatus, ...failures },
      },
    },
    async (request) => {
      const { generation_id, image_id } = request.params;
      const output = outputOf(readStatus(request, findOwnGeneration(request, generation_id), errors), image_id);
      return formatSuccess(formatImageStatus(output, request.sandbox) ?? { image_id });
    },
  );

  app.delete(
    "/pub/v1/generations/:generation_id/images/:image_id",
    {
      config: { operation: "deleteImage" },
      schema: {
        summary: "Delete Image (Deprecating)",
        tags,
        params: byImage,
        response: { 200: deleted, ...failures },
      },
    },
    async (request) => {
      const { sandbox, now } = request;
      const { generation_id, image_id: id } = request.params;
      const found = findOwnGeneration(request, generation_id);
      outputOf(observe(found, now), id);
      sandbox.write(() => sandbox.generations.deleteOutput(found, id, now));
      return formatSuccess({ id });
    },
  );
};
