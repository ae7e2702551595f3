/** All of oxen's routes. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { queueRoutes } from "./queue-routes.ts";

export const routes: FastifyPluginAsyncZod = async (app) => {
  await app.register(queueRoutes);
};
