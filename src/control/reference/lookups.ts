/** Serves the routes that need no sandbox: unassigned requests, operations, diagnostics, problems and outcomes. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { diagnostics } from "../../http/journal/diagnostics.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { pathOf } from "../../http/parsing/paths.ts";
import { problem, problems } from "../../http/errors/problems.ts";
import { shownRequest, secretHeadersOf, showRequest } from "../requests/shown.ts";
import { nearestNames } from "../../wording/nearest.ts";
import { checkOperation } from "../rules/match-check.ts";
import { vendorNamed } from "../names.ts";
import type { ControlOptions } from "../scope.ts";

const diagnostic = z.strictObject({
  code: z.string(),
  what: z.string(),
  where: z.string(),
  why: z.string(),
  fix: z.string(),
});

export const shownUnassigned = z.strictObject({
  id: z.int(),
  reason: z.enum(["no-sandbox", "no-route", "no-vendor"]).meta({
    description:
      "`no-sandbox`: no usable key; `no-route`: no such route of the vendor; `no-vendor`: a path of no vendor",
  }),
  request: shownRequest,
  nearest: z
    .strictObject({ route: z.string().nullable(), sandbox: z.string().nullable() })
    .meta({ description: "The route and the sandbox with the most similar names; null if none is similar" }),
});

const tags = ["control"] as const;

export const lookupRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context, vendors }) => {
  const secrets = secretHeadersOf(vendors);

  app.get(
    "/requests/unassigned",
    {
      schema: {
        operationId: "listUnassignedRequests",
        summary: "List requests that reached no sandbox or no route, oldest first",
        tags,
        response: {
          200: z.strictObject({ items: z.array(shownUnassigned), total: z.int(), evicted: z.int() }),
        },
      },
    },
    async () => ({
      items: context.unassigned.all().map(({ id, reason, sandbox, entry }) => ({
        id,
        reason,
        request: showRequest(sandbox ?? "", entry, secrets),
        nearest: nearestTo(context, entry),
      })),
      total: context.unassigned.count,
      evicted: context.unassigned.evicted,
    }),
  );

  app.delete(
    "/requests/unassigned",
    {
      schema: {
        operationId: "deleteUnassignedRequests",
        summary: "Delete the list of requests that reached no sandbox or no route",
        tags,
        response: { 204: z.undefined() },
      },
    },
    async (_request, reply) => {
      context.unassigned.clear();
      reply.code(204);
    },
  );

  app.get(
    "/operations",
    {
      schema: {
        operationId: "listOperations",
        summary: "List the operations that rules and verifications can name, with their routes",
        tags,
        querystring: z.strictObject({ vendor: z.string().optional() }),
        response: {
          200: z.strictObject({
            items: z.array(
              z.strictObject({ vendor: z.string(), operation: z.string(), method: z.string(), path: z.string() }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { vendor } = request.query;
      if (vendor !== undefined) vendorNamed(vendors, vendor, "query.vendor");
      return { items: context.routes.filter((route) => vendor === undefined || route.vendor === vendor) };
    },
  );

  app.get(
    "/diagnostics",
    {
      schema: {
        operationId: "listDiagnostics",
        summary: "List the diagnostic codes",
        tags,
        response: { 200: z.strictObject({ items: z.array(diagnostic) }) },
      },
    },
    async () => ({ items: Object.entries(diagnostics).map(([code, explained]) => ({ code, ...explained })) }),
  );

  app.get(
    "/diagnostics/:code",
    {
      schema: {
        operationId: "getDiagnostic",
        summary: "Explain a code of `x-fauxgen-diagnostic`: what happened, where, why, and the fix",
        tags,
        params: z.object({ code: z.string() }),
        response: { 200: diagnostic },
      },
    },
    async (request) => {
      const { code } = request.params;
      const found = Object.entries(diagnostics).find(([name]) => name === code.toUpperCase());
      if (found !== undefined) return { code: found[0], ...found[1] };
      const near = nearestNames(code, Object.keys(diagnostics));
      throw problem(
        "no-such-diagnostic",
        `There is no diagnostic ${code}.${near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : ""}`,
      );
    },
  );

  app.get(
    "/problems",
    {
      schema: {
        operationId: "listProblems",
        summary: "List the codes of the emulator's own problems",
        tags,
        response: {
          200: z.strictObject({
            items: z.array(z.strictObject({ code: z.string(), status: z.int(), title: z.string() })),
          }),
        },
      },
    },
    async () => ({ items: Object.entries(problems).map(([code, { status, title }]) => ({ code, status, title })) }),
  );

  app.get(
    "/outcomes",
    {
      schema: {
        operationId: "listOutcomes",
        summary: "List every response of the vendors, with its source and a request that provokes it",
        tags,
        querystring: z.strictObject({ vendor: z.string().optional(), operation: z.string().optional() }),
        response: {
          200: z.strictObject({
            items: z.array(
              z.strictObject({
                vendor: z.string(),
                operation: z.string(),
                status: z.int(),
                code: z.string().nullable(),
                phase: z.string().nullable(),
                vintage: z.string().nullable(),
                source: z.string(),
                provoke: z.record(z.string(), z.unknown()),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { vendor, operation } = request.query;
      if (vendor !== undefined) vendorNamed(vendors, vendor, "query.vendor");
      if (operation !== undefined) checkOperation(operation, "query.operation");
      return {
        items: vendors
          .filter(({ name }) => vendor === undefined || name === vendor)
          .flatMap(({ name, outcomes }) =>
            outcomes
              .filter((outcome) => operation === undefined || outcome.operation === operation)
              .map((outcome) => ({
                vendor: name,
                operation: outcome.operation,
                status: outcome.status,
                code: outcome.code ?? null,
                phase: outcome.phase ?? null,
                vintage: outcome.vintage ?? null,
                source: outcome.source,
                provoke: shortened(outcome.provoke),
              })),
          ),
      };
    },
  );
};

/** Finds what the sender of an unassigned request probably meant. */
function nearestTo(
  { routes, sandboxes }: ControlOptions["context"],
  { method, url, vendor, operation, requestHeaders }: JournalEntry,
): z.output<typeof shownUnassigned>["nearest"] {
  const possible = routes.filter((route) => vendor === undefined || route.vendor === vendor);
  const asked = `${method} ${pathOf(url)}`;
  const [route] =
    operation === undefined
      ? nearestNames(
          asked,
          possible.map((each) => `${each.method} ${each.path}`),
          1,
        )
      : [asked];
  const named = Object.values(requestHeaders).flatMap((value) => /fx_([^_\s]+)/.exec(String(value))?.[1] ?? []);
  const header = requestHeaders["x-fauxgen-sandbox"];
  const typed = named[0] ?? (typeof header === "string" ? header : undefined);
  const names = sandboxes.all().map(({ name }) => name);
  const [sandbox] = typed === undefined ? [] : nearestNames(typed, names, 1);
  return { route: route ?? null, sandbox: sandbox ?? null };
}

/** The longest text of a provocation that is shown in full. */
const LONGEST_TEXT = 2000;

/** Returns the provocation with each very long text replaced by its beginning and its length. */
function shortened(provocation: object): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(provocation, (_key, value: unknown) =>
      typeof value === "string" && value.length > LONGEST_TEXT
        ? `${value.slice(0, 20)}… (${value.length} characters)`
        : value,
    ),
  ) as Record<string, unknown>;
}
