/** Serves the routes of sandboxes: list, create, read, change, delete and reset them. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { Turns } from "../../engine/base/turns.ts";
import { defaultAccounts } from "../../engine/generation/accounts.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { sandboxSettings } from "../../engine/sandbox/settings.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { originOf } from "../../http/parsing/public-url.ts";
import { shownClock, showClock } from "../clock/routes.ts";
import { handle, handlesOf } from "./handles.ts";
import { checkRule } from "../rules/rule-check.ts";
import { checkExtends, checkScenario } from "../rules/scenario-check.ts";
import { checkDocument } from "./document-check.ts";
import { checkedSandboxOf, refuseDamaged, sandboxParams, sandboxToEmpty, type ControlOptions } from "../scope.ts";

export const shownSandbox = z.strictObject({
  name: z.string(),
  epoch: z.int().meta({ description: "Number of resets" }),
  document: z.record(z.string(), z.unknown()).meta({ description: "The settings, in the form that PUT accepts" }),
  clock: shownClock,
  accounts: z.array(z.string()),
  vendors: z.record(z.string(), handle).meta({ description: "Base URL, key and secret of account `main`, by vendor" }),
});

const tags = ["control"] as const;

export const sandboxRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { config, vendors, context }) => {
  const { sandboxes, scenarios } = context;
  const show = (sandbox: Sandbox, origin: string): z.output<typeof shownSandbox> => ({
    name: sandbox.name,
    epoch: sandbox.epoch,
    document: { ...sandbox.document },
    clock: showClock(sandbox),
    accounts: sandbox.accounts.names(),
    vendors: handlesOf(vendors, sandbox, "main", origin),
  });

  app.get(
    "/sandboxes",
    {
      schema: {
        operationId: "listSandboxes",
        summary: "List the sandboxes",
        tags,
        response: {
          200: z.strictObject({
            items: z.array(
              z.strictObject({
                name: z.string(),
                heldRequests: z.int(),
                generations: z.int(),
                requests: z.int().meta({ description: "Number of requests in the journal" }),
                refused: z.int().meta({
                  description:
                    "Number of those that got a status of 400 or more, or no answer, without a rule or a scenario",
                }),
                failedWebhooks: z.int(),
                damage: z
                  .string()
                  .optional()
                  .meta({ description: "Stored row that cannot be read; absent if there is none" }),
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      items: sandboxes.all().map((sandbox) => ({
        name: sandbox.name,
        heldRequests: sandbox.heldRequests.count,
        generations: sandbox.generations.count({}),
        requests: context.journals.of(sandbox).size,
        refused: context.journals.of(sandbox).entries().filter(isRefused).length,
        failedWebhooks: app.outbox.count(sandbox, { status: "failed" }),
        ...(sandbox.damage !== undefined && { damage: sandbox.damage.message }),
      })),
    }),
  );

  app.put(
    "/sandboxes/:s",
    {
      schema: {
        operationId: "putSandbox",
        summary: "Create a sandbox, or replace the document of a sandbox and keep its content",
        description:
          "A new document applies at once, except `seed`, `now` and the default state of accounts, which apply at the next reset.",
        tags,
        params: sandboxParams,
        body: sandboxSettings.nullish(),
        response: { 200: shownSandbox, 201: shownSandbox },
      },
    },
    async (request, reply) => {
      const document = request.body ?? {};
      const present = sandboxes.find(request.params.s);
      if (present !== undefined) refuseDamaged(present);
      const own = Object.entries(document.scenarios ?? {});
      const names = [...scenarios.names(present), ...own.map(([name]) => name)];
      for (const [name, scenario] of own) checkExtends(scenario, names, `body.scenarios.${name}`);
      const known = scenarios.preview(document.scenarios ?? {}, present);
      checkDocument(document, vendors, known);
      for (const [name, scenario] of own) {
        const compiled = known.find((each) => each.name === name);
        if (compiled !== undefined) checkScenario({ vendors, context }, scenario, compiled, `body.scenarios.${name}`);
      }
      const accounts = [...(present?.accounts.names() ?? defaultAccounts), ...Object.keys(document.accounts ?? {})];
      const turns = new Turns(sandboxes.default.wall);
      for (const [index, rule] of (document.rules ?? []).entries()) {
        checkRule({ config, vendors, context }, rule, `body.rules.${index}`, { scenarios: known, accounts });
        await turns.pause();
      }
      await turns.run(sandboxes.prepareRules(document.rules));
      // Found anew, because it may have been created or deleted meanwhile.
      const target = sandboxes.find(request.params.s);
      if (target === undefined) {
        reply.code(201);
        const made = sandboxes.create(request.params.s, document);
        // A test begins here, so earlier strays are not its own.
        context.journals.forget(made);
        return show(made, originOf(request));
      }
      refuseDamaged(target);
      sandboxes.configure(target, document);
      scenarios.forget(target);
      return show(target, originOf(request));
    },
  );

  app.get(
    "/sandboxes/:s",
    {
      schema: {
        operationId: "getSandbox",
        summary: "Read a sandbox's document, clock and keys",
        tags,
        params: sandboxParams,
        response: { 200: shownSandbox },
      },
    },
    async (request) => show(await checkedSandboxOf(context, request.params), originOf(request)),
  );

  app.delete(
    "/sandboxes/:s",
    {
      schema: {
        operationId: "deleteSandbox",
        summary: "Delete a sandbox with its content; `default` is not deleted, but loses its content and its document",
        tags,
        params: sandboxParams,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await context.beforeEmptied?.(sandboxToEmpty(context, request.params));
      // Found anew, because another request may have deleted it meanwhile.
      sandboxes.delete(sandboxToEmpty(context, request.params));
      reply.code(204);
    },
  );

  app.post(
    "/sandboxes/:s/reset",
    {
      schema: {
        operationId: "resetSandbox",
        summary: "Reset the sandbox to its seeded state; held requests are answered with their last state",
        tags,
        params: sandboxParams,
        response: { 200: shownSandbox },
      },
    },
    async (request) => {
      await context.beforeEmptied?.(sandboxToEmpty(context, request.params));
      const sandbox = sandboxToEmpty(context, request.params);
      sandboxes.reset(sandbox);
      return show(sandbox, originOf(request));
    },
  );
};

/** Returns whether a request went wrong although no test asked for that. */
function isRefused({ state, status, rules, fault, scenario }: JournalEntry): boolean {
  const isWrong = state === "dropped" || (status ?? 0) >= 400;
  return isWrong && rules === undefined && fault === undefined && scenario === undefined;
}
