/** The control API. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Config } from "../config.ts";
import type { HttpContext } from "../http/wire.ts";
import type { Vendor } from "../vendors/vendor.ts";

export interface ControlOptions {
  readonly config: Config;
  readonly vendors: readonly Vendor[];
  readonly context: HttpContext;
}

export const controlRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app) => {
  app.get("/health", async () => ({ status: "ok" }));
  app.get("/ready", async () => ({ status: "ready" }));
};
