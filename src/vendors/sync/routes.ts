/** sync's routes, one file per resource. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { apiDocumentRoutes } from "./api-document.ts";
import { assetRoutes } from "./asset-routes.ts";
import { batchRoutes } from "./batch-routes.ts";
import { catalogueRoutes } from "./catalogue-routes.ts";
import { costRoutes } from "./cost-routes.ts";
import { generateRoutes } from "./generate-routes.ts";
import { generationsRoutes } from "./generations-routes.ts";
import { organizationRoutes } from "./organization.ts";
import { projectRoutes } from "./project-routes.ts";
import { ttsRoutes } from "./tts-routes.ts";
import { voiceRoutes } from "./voice-routes.ts";

export const routes: FastifyPluginAsyncZod = async (app) => {
  app.decorateRequest("sentBody", undefined);
  await app.register(generateRoutes);
  await generationsRoutes(app, {});
  await costRoutes(app, {});
  await catalogueRoutes(app, {});
  await app.register(batchRoutes);
  await assetRoutes(app, {});
  await projectRoutes(app, {});
  await voiceRoutes(app, {});
  await ttsRoutes(app, {});
  await organizationRoutes(app, {});
  await apiDocumentRoutes(app, {});
};

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it was sent, before parsing put its keys in order. */
    sentBody: unknown;
  }
}
