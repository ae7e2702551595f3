/** Registers all of affogato's routes. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { assetRoutes } from "./assets/routes.ts";
import { characterRoutes } from "./characters/routes.ts";
import { generationRoutes } from "./generations/routes.ts";
import { imageRoutes } from "./generations/image-routes.ts";
import { resourceRoutes } from "./resources/routes.ts";

export const routes: FastifyPluginAsyncZod = async (app) => {
  await generationRoutes(app, {});
  await imageRoutes(app, {});
  await assetRoutes(app, {});
  await characterRoutes(app, {});
  await resourceRoutes(app, {});
};
