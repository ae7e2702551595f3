/** Registers all of oxen's routes. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { eventRoutes } from "./events/routes.ts";
import { fileRoutes } from "./files/routes.ts";
import { historyRoutes } from "./history/routes.ts";
import { modelRoutes } from "./models/routes.ts";
import { queueRoutes } from "./queue/routes.ts";
import { audioRoutes } from "./synchronous/audio-routes.ts";
import { synchronousRoutes } from "./synchronous/routes.ts";

export const routes: FastifyPluginAsyncZod = async (app) => {
  await queueRoutes(app, {});
  await historyRoutes(app, {});
  await synchronousRoutes(app, {});
  await audioRoutes(app, {});
  await modelRoutes(app, {});
  await fileRoutes(app, {});
  await eventRoutes(app, {});
};
