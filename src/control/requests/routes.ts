/** Serves the routes of the journal: list, get and delete the requests of a sandbox. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { normalPath } from "../../engine/rule/normal-path.ts";
import { problem } from "../../http/errors/problems.ts";
import { queryBoolean, queryInteger } from "../../http/parsing/query-codecs.ts";
import { checkRequestFilter } from "../rules/filter-check.ts";
import { shownRequest, secretHeadersOf, showRequest } from "./shown.ts";
import { LATEST } from "../names.ts";
import { answerList, listInMemory, listOf, listQuery } from "../listing.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

const filter = {
  vendor: z.string().optional(),
  operation: z.string().optional(),
  account: z.string().optional(),
  label: z.string().optional(),
  method: z.string().optional(),
  path: z.string().optional().meta({ description: "The exact path without its query and without a trailing slash" }),
  status: queryInteger({ min: 100, max: 599 }).optional(),
  state: z.enum(["arrived", "held", "answered", "gone", "dropped"]).optional(),
  generation: z.string().optional(),
} as const;

const requestQuery = listQuery.extend({
  ...filter,
  bodies: queryBoolean.optional().meta({ description: "`false` omits the bodies of requests and responses" }),
});

export const requestFilter = z.strictObject(filter);

/** Returns whether an entry matches a query. */
export function fits(entry: JournalEntry, wanted: z.output<typeof requestFilter>): boolean {
  return (
    (wanted.vendor === undefined || entry.vendor === wanted.vendor) &&
    (wanted.operation === undefined || entry.operation === wanted.operation) &&
    (wanted.account === undefined || entry.account === wanted.account) &&
    (wanted.label === undefined || entry.label === wanted.label) &&
    (wanted.method === undefined || entry.method === wanted.method.toUpperCase()) &&
    (wanted.path === undefined || entry.path === normalPath(wanted.path)) &&
    (wanted.status === undefined || entry.status === wanted.status) &&
    (wanted.state === undefined || entry.state === wanted.state) &&
    (wanted.generation === undefined || entry.generations?.includes(wanted.generation) === true)
  );
}

const tags = ["control"] as const;

export const requestRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context, vendors }) => {
  const secrets = secretHeadersOf(vendors);
  const show = (sandbox: Sandbox, withBodies: boolean) => (entry: JournalEntry) => {
    const shown = showRequest(sandbox.name, entry, secrets);
    if (withBodies) return shown;
    return { ...shown, request: { ...shown.request, body: null }, response: { ...shown.response, body: null } };
  };

  app.get(
    "/sandboxes/:s/requests",
    {
      schema: {
        operationId: "listRequests",
        summary: "List the requests of clients, oldest first; `count` and `within` wait until that many exist",
        tags,
        params: sandboxParams,
        querystring: requestQuery,
        response: {
          200: listOf(shownRequest).extend({
            evicted: z
              .int()
              .meta({ description: "Number of older requests that the journal dropped to stay within its bounds" }),
          }),
        },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const { count: _count, within: _within, limit: _limit, cursor: _cursor, bodies, ...wanted } = request.query;
      checkRequestFilter({ context, vendors }, sandbox, wanted);
      const look = () =>
        context.journals
          .of(sandbox)
          .entries()
          .filter((entry) => fits(entry, wanted));
      const list = listInMemory(look, (entry) => entry.id, show(sandbox, bodies ?? true));
      const listing = await answerList({ sandbox, reply, query: request.query }, "requests", list);
      return { ...listing, evicted: context.journals.of(sandbox).evicted };
    },
  );

  app.get(
    "/sandboxes/:s/requests/:request",
    {
      schema: {
        operationId: "getRequest",
        summary: "Read a request of the journal",
        tags,
        params: sandboxParams.extend({
          request: z
            .union([z.literal(LATEST), queryInteger({ min: 1 })])
            .meta({ description: "Number of the request, or `latest`" }),
        }),
        response: { 200: shownRequest },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const journal = context.journals.of(sandbox);
      const { request: asked } = request.params;
      const found = asked === LATEST ? journal.entries().at(-1) : journal.find(asked);
      if (found !== undefined) return showRequest(sandbox.name, found, secrets);
      throw problem(
        "no-such-request",
        `The journal of "${sandbox.name}" has no request ${request.params.request}; ${journal.evicted} older ones were dropped.`,
      );
    },
  );

  app.delete(
    "/sandboxes/:s/requests",
    {
      schema: {
        operationId: "deleteRequests",
        summary: "Delete the requests of the journal, except held requests",
        tags,
        params: sandboxParams,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      context.journals.of(sandboxOf(context, request.params)).clear();
      reply.code(204);
    },
  );
};
