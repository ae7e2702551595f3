/** All of affogato's routes. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { shapeErrors } from "./admission.ts";
import { assetRoutes } from "./routes-assets.ts";
import { characterRoutes } from "./routes-characters.ts";
import { generationRoutes } from "./routes-generations.ts";
import { imageRoutes } from "./routes-images.ts";
import { resourceRoutes } from "./routes-resources.ts";

export const routes: FastifyPluginAsyncZod = async (app) => {
  app.addHook("onSend", (request, reply, payload, done) => {
    done(null, shapeErrors(request, reply, payload));
  });
  await generationRoutes(app, {});
  await imageRoutes(app, {});
  await assetRoutes(app, {});
  await characterRoutes(app, {});
  await resourceRoutes(app, {});
};
