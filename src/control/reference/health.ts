/** Serves the routes that say whether the server is alive, and whether it can serve requests. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { problem } from "../../http/errors/problems.ts";
import { readVersion } from "../../platform/version.ts";
import type { ControlOptions } from "../scope.ts";
import { memoryDocument, showMemory } from "../memory.ts";

export const health = z.strictObject({
  status: z.literal("ok"),
  version: z.string(),
  vendors: z.array(z.string()),
  sandboxes: z.int(),
  uptimeMs: z.int(),
});

export const healthRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { vendors, context }) => {
  const version = readVersion();
  const { wall } = context.sandboxes.default;

  app.get(
    "/health",
    {
      config: { access: "public" },
      schema: {
        operationId: "getHealth",
        summary: "Check that the server is alive",
        tags: ["control"],
        response: { 200: health },
      },
    },
    async () => ({
      status: "ok" as const,
      version,
      vendors: vendors.map(({ name }) => name),
      sandboxes: context.sandboxes.all().length,
      uptimeMs: wall.now() - context.startedAt,
    }),
  );

  app.get(
    "/ready",
    {
      config: { access: "public" },
      schema: {
        operationId: "getReadiness",
        summary: "Check that the server can serve requests: all schemas are compiled, and the store accepts writes",
        tags: ["control"],
        response: { 200: z.strictObject({ status: z.literal("ready"), memory: memoryDocument }) },
      },
    },
    async () => {
      // Schemas are compiled before the server listens, but the disk can become full at any time.
      try {
        context.sandboxes.default.store.checkWritable();
      } catch (error) {
        throw problem(
          "not-ready",
          `The store cannot be written: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      return { status: "ready" as const, memory: showMemory(context.budget) };
    },
  );
};
