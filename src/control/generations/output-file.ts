/** Serves the files of outputs under the access rules of control, without an entry in the journal: looking leaves no trace. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { problem } from "../../http/errors/problems.ts";
import { findOutput } from "../../media/serve/find-output.ts";
import { sendMedia } from "../../media/serve/send.ts";
import { sandboxOf, type ControlOptions } from "../scope.ts";
import { generationOf, generationParams } from "./routes.ts";

export const outputFileRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  app.get(
    "/sandboxes/:s/generations/:id/outputs/:output",
    {
      schema: {
        operationId: "getOutputFile",
        summary: "Read the file of an output; unlike a client's download, it is not in the journal",
        tags: ["control"],
        params: generationParams.extend({
          output: z.string().meta({ description: "Id of the output, or its position from 1" }),
        }),
        response: { 200: z.unknown().meta({ description: "The file" }) },
      },
    },
    async (request, reply) => {
      const { id, output: wanted } = request.params;
      const sandbox = sandboxOf(options.context, request.params);
      const generation = generationOf(options, sandbox, id);
      const output =
        generation.outputs.find((each) => each.id === wanted) ??
        (/^\d{1,3}$/.test(wanted) ? generation.outputs[Number(wanted) - 1] : undefined);
      if (output === undefined) throw problem("no-such-generation", `${id} has no output ${wanted}.`);
      const { vendor } = generation;
      const found = findOutput(sandbox, vendor, `${output.id}.${output.format}`, sandbox.clock.now());
      if (typeof found === "string") throw problem("generation-conflict", found);
      const { content, facts } = app.media.fileOf(sandbox, found);
      return sendMedia(request, reply, content, facts);
    },
  );
};
