/** Serves the files behind output URLs. */
import type { FastifyPluginAsync } from "fastify";
import type { Vendor } from "../vendors/vendor.ts";

export const mediaRoutes: FastifyPluginAsync<{ readonly vendors: readonly Vendor[] }> = async (_app, _options) => {};
