/** Serves the routes of a sandbox's rules, which choose a scenario or a fault for matching requests. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { ruleDocument } from "../../engine/rule/rule-document.ts";
import type { Rule } from "../../engine/rule/live-rule.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { problem } from "../../http/errors/problems.ts";
import { LATEST } from "../names.ts";
import { hasSeen } from "./match-check.ts";
import { checkRule } from "./rule-check.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

export const shownRule = z.strictObject({
  id: z.string(),
  origin: z.enum(["control", "document", "scenario", "fixtures"]).meta({ description: "Origin of the rule" }),
  when: z.record(z.string(), z.unknown()),
  scenario: z.string().nullable(),
  fault: z.unknown(),
  times: z.int().nullable(),
  after: z.int(),
  probability: z.number(),
  priority: z.number(),
  hits: z.int().meta({ description: "Number of requests to which the rule was applied" }),
  matches: z.int().meta({ description: "Number of requests that the rule matched, applied or not" }),
  remaining: z
    .int()
    .nullable()
    .meta({ description: "Number of times that the rule can still apply; null if there is no limit" }),
});

function showRule({ id, origin, document, hits, matches }: Rule): z.output<typeof shownRule> {
  const { when, scenario, fault, times, after, probability, priority } = document;
  return {
    id,
    origin,
    when: { ...when },
    scenario: scenario ?? null,
    fault: fault ?? null,
    times: times ?? null,
    after: after ?? 0,
    probability: probability ?? 1,
    priority: priority ?? 0,
    hits,
    matches,
    remaining: times === undefined ? null : times - hits,
  };
}

const tags = ["control"] as const;
const ruleParams = sandboxParams.extend({ rule: z.string().meta({ description: "Id of the rule, or `latest`" }) });

export const ruleRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  const { context } = options;

  app.get(
    "/sandboxes/:s/rules",
    {
      schema: {
        operationId: "listRules",
        summary: "List rules with their hits, in the order in which they are tried",
        tags,
        params: sandboxParams,
        response: { 200: z.strictObject({ items: z.array(shownRule) }) },
      },
    },
    async (request) => ({ items: sandboxOf(context, request.params).rules.list().map(showRule) }),
  );

  app.post(
    "/sandboxes/:s/rules",
    {
      schema: {
        operationId: "addRule",
        summary: "Add a rule; it is tried before other rules of the same priority",
        tags,
        params: sandboxParams,
        body: ruleDocument,
        response: { 201: shownRule },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      checkRule(options, request.body, "body", {
        scenarios: context.scenarios.list(sandbox),
        accounts: sandbox.accounts.names(),
        hasSeen: hasSeen(context.journals.of(sandbox)),
      });
      const rule = sandbox.write(() => sandbox.rules.add(request.body, "control"));
      publish(sandbox, "rule.added", rule.id);
      reply.code(201);
      return showRule(rule);
    },
  );

  app.get(
    "/sandboxes/:s/rules/:rule",
    {
      schema: {
        operationId: "getRule",
        summary: "Read a rule with its hits",
        tags,
        params: ruleParams,
        response: { 200: shownRule },
      },
    },
    async (request) => {
      return showRule(ruleOf(sandboxOf(context, request.params), request.params.rule));
    },
  );

  app.delete(
    "/sandboxes/:s/rules/:rule",
    {
      schema: {
        operationId: "deleteRule",
        summary: "Remove a rule; its effects stay",
        tags,
        params: ruleParams,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const { id } = ruleOf(sandbox, request.params.rule);
      sandbox.rules.delete(id);
      publish(sandbox, "rule.deleted", id);
      reply.code(204);
    },
  );

  app.delete(
    "/sandboxes/:s/rules",
    {
      schema: {
        operationId: "deleteRules",
        summary: "Remove every rule that was added by this API; rules of the sandbox's document stay",
        tags,
        params: sandboxParams,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const deleted = sandbox.rules.list().filter(({ origin }) => origin === "control");
      sandbox.write(() => {
        sandbox.rules.deleteOf("control");
      });
      for (const { id } of deleted) publish(sandbox, "rule.deleted", id);
      reply.code(204);
    },
  );
};

function publish({ events, clock }: Sandbox, kind: "rule.added" | "rule.deleted", rule: string): void {
  events.publish({ kind, at: clock.now(), rule });
}

/** Finds a rule by its id or as the newest. Throws `no-such-rule`. */
export function ruleOf(sandbox: Sandbox, id: string): Rule {
  const numberOf = (rule: Rule): number => Number(rule.id.replace("rule-", ""));
  const newest = id === LATEST ? sandbox.rules.list().toSorted((a, b) => numberOf(b) - numberOf(a))[0] : undefined;
  const found = newest ?? sandbox.rules.find(id);
  if (found === undefined) throw problem("no-such-rule", `Sandbox "${sandbox.name}" has no rule ${id}.`);
  return found;
}
