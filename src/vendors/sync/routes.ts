/** Registers sync's routes, one file per resource. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { apiDocumentRoutes } from "./reference/api-document.ts";
import { assetRoutes } from "./assets/routes.ts";
import { batchRoutes } from "./batches/routes.ts";
import { referenceRoutes } from "./reference/routes.ts";
import { recordedCostRoutes } from "./costs/recorded-routes.ts";
import { dialogueRoutes } from "./dialogue/routes.ts";
import { costRoutes } from "./costs/routes.ts";
import { feedbackRoutes } from "./feedback/routes.ts";
import { generateRoutes } from "./generations/create-routes.ts";
import { generationsRoutes } from "./generations/collection-routes.ts";
import { organizationRoutes } from "./organization/routes.ts";
import { projectRoutes } from "./projects/routes.ts";
import { ttsRoutes } from "./speech/routes.ts";
import { transcriptionRoutes } from "./transcriptions/routes.ts";
import { voiceRoutes } from "./voices/routes.ts";

export const routes: FastifyPluginAsyncZod = async (app) => {
  app.decorateRequest("sentBody", undefined);
  app.decorateRequest("attachedFiles", undefined);
  await app.register(generateRoutes);
  await generationsRoutes(app, {});
  await costRoutes(app, {});
  await recordedCostRoutes(app, {});
  await referenceRoutes(app, {});
  await app.register(batchRoutes);
  await assetRoutes(app, {});
  await projectRoutes(app, {});
  await voiceRoutes(app, {});
  await ttsRoutes(app, {});
  await transcriptionRoutes(app, {});
  await dialogueRoutes(app, {});
  await organizationRoutes(app, {});
  await feedbackRoutes(app, {});
  await apiDocumentRoutes(app, {});
};

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it was sent, before parsing changed the order of its keys. */
    sentBody: unknown;
  }
}
