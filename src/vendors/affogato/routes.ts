/** All of affogato's routes. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { shapeErrors } from "./admission.ts";
import { assetRoutes } from "./routes-assets.ts";
import { characterRoutes } from "./routes-characters.ts";
import { generationRoutes } from "./routes-generations.ts";
import { imageRoutes } from "./routes-images.ts";
import { resourceRoutes } from "./routes-resources.ts";

export const routes: FastifyPluginAsyncZod = async (app) => {
  app.addHook("onSend", async (request, reply, payload) => shapeErrors(request, reply, payload));
  await app.register(generationRoutes);
  await app.register(imageRoutes);
  await app.register(assetRoutes);
  await app.register(characterRoutes);
  await app.register(resourceRoutes);
};
