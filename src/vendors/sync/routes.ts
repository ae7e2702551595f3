/** sync's routes, one file per resource. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { fitRateLimit } from "./admission.ts";
import { catalogueRoutes } from "./catalogue-routes.ts";
import { costRoutes } from "./cost-routes.ts";
import { generateRoutes } from "./generate-routes.ts";
import { generationsRoutes } from "./generations-routes.ts";

export const routes: FastifyPluginAsyncZod = async (app) => {
  app.decorateRequest("sentBody", undefined);
  app.addHook("onSend", async (request, reply, payload) =>
    reply.statusCode === 429 ? fitRateLimit(request, payload) : payload,
  );
  await app.register(generateRoutes);
  await app.register(generationsRoutes);
  await app.register(costRoutes);
  await app.register(catalogueRoutes);
};

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it was sent, before parsing put its keys in order. */
    sentBody: unknown;
  }
}
