/** All of oxen's routes. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { eventRoutes } from "./events.ts";
import { fileRoutes } from "./file-routes.ts";
import { historyRoutes } from "./history-routes.ts";
import { modelRoutes } from "./model-routes.ts";
import { queueRoutes } from "./queue-routes.ts";
import { synchronousRoutes } from "./synchronous-routes.ts";

export const routes: FastifyPluginAsyncZod = async (app) => {
  await app.register(queueRoutes);
  await app.register(historyRoutes);
  await app.register(synchronousRoutes);
  await app.register(modelRoutes);
  await app.register(fileRoutes);
  await app.register(eventRoutes);
};
