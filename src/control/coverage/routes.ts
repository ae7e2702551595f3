/** Serves coverage: which of the vendors' listed answers clients have met, in a sandbox and in the whole run. */
import type { FastifyReply } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { showInstant } from "../instants.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";
import { coverageDocument, describeCoverage, type CoverageDocument } from "./document.ts";
import { coverageForms, formOf, writeCoverage, type CoverageForm } from "./forms.ts";

const tags = ["control"] as const;
const querystring = z.strictObject({ format: z.enum(coverageForms).optional() });
const response = { 200: z.union([coverageDocument, z.string()]) } as const;

export const coverageRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context }) => {
  const { coverage } = context;

  app.get(
    "/sandboxes/:s/coverage",
    {
      schema: {
        operationId: "getCoverage",
        summary: "Show which listed answers the clients of a sandbox met, as JSON, text, Markdown or HTML",
        description:
          "Answers count when they are sent, from the sandbox's last reset on. Entries that the journal drops, and those that a test deletes, stay counted. Operations that no client used are listed apart and do not count.",
        tags,
        params: sandboxParams,
        querystring,
        response,
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      return send(reply, request.query.format ?? formOf(request.headers.accept), coverageOf(context, sandbox));
    },
  );

  app.get(
    "/coverage",
    {
      schema: {
        operationId: "getRunCoverage",
        summary: "Show which listed answers clients met in all sandboxes, as JSON, text, Markdown or HTML",
        description:
          "Resets and deletions of sandboxes leave these counts. They begin with the server, or with the last `DELETE /_fauxgen/coverage`.",
        tags,
        querystring,
        response,
      },
    },
    async (request, reply) => {
      const { table, run, since } = coverage;
      const scope = { sandbox: null, since: showInstant(since), uncounted: 0 };
      const form = request.query.format ?? formOf(request.headers.accept);
      return send(reply, form, describeCoverage(table, run, scope));
    },
  );

  app.delete(
    "/coverage",
    {
      schema: {
        operationId: "deleteRunCoverage",
        summary: "Start the counts of the run anew; those of the sandboxes stay",
        tags,
        response: { 204: z.undefined() },
      },
    },
    async (_request, reply) => {
      coverage.run.clear();
      coverage.since = context.sandboxes.default.wall.now();
      reply.code(204);
    },
  );
};

/** Describes the coverage of a sandbox since its last reset. */
export function coverageOf({ coverage, journals }: ControlOptions["context"], sandbox: Sandbox): CoverageDocument {
  const { answers, since, restored } = journals.of(sandbox);
  return describeCoverage(coverage.table, answers, {
    sandbox: sandbox.name,
    since: since === 0 ? null : showInstant(since),
    uncounted: restored,
  });
}

function send(reply: FastifyReply, form: CoverageForm, document: CoverageDocument): CoverageDocument | string {
  if (form === "json") return document;
  const { type, text, headers } = writeCoverage(document, form);
  reply.type(type).headers(headers).serializer(String);
  return text;
}
