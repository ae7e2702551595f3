/** Serves the routes of scenarios, which are named recipes for the course of a generation. */
import type { FastifyInstance } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { scenarioDocument, scenarioName } from "../../engine/scenario/document.ts";
import { builtInScenarios } from "../../engine/scenario/built-in.ts";
import type { Scenario } from "../../engine/scenario/plan.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { parseYamlText } from "../../platform/yaml-text.ts";
import { problem } from "../../http/errors/problems.ts";
import { unknownName } from "../names.ts";
import { canShow } from "./rule-check.ts";
import { checkExtends, checkScenario } from "./scenario-check.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

/** A scenario has some dozens of values; the parser takes a millisecond for some hundred tokens. */
const MOST_YAML_TOKENS = 12_000;

export const shownScenario = z.strictObject({
  name: z.string(),
  summary: z.string(),
  origin: z.enum(["built-in", "file", "sandbox"]).meta({ description: "Origin of the scenario" }),
  vendors: z.array(z.string()).meta({ description: "Vendors that can show the scenario" }),
  recipe: z.record(z.string(), z.unknown()).meta({ description: "The recipe, with the parts of extended scenarios" }),
});

const tags = ["control"] as const;
const scenarioParams = sandboxParams.extend({ scenario: scenarioName });

export const scenarioRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  const { context, vendors } = options;
  const { scenarios } = context;
  readYamlBodies(app);
  const builtIn = new Set(builtInScenarios.map(({ name }) => name));
  const show = (sandbox: Sandbox, scenario: Scenario): z.output<typeof shownScenario> => {
    const { name, summary, ...recipe } = scenario;
    return {
      name,
      summary,
      origin: scenarios.isOwn(sandbox, name) ? "sandbox" : builtIn.has(name) ? "built-in" : "file",
      vendors: vendors.filter((vendor) => canShow(vendor, scenario)).map((vendor) => vendor.name),
      recipe,
    };
  };
  const known = (sandbox: Sandbox, name: string): Scenario => {
    const found = scenarios.find(name, sandbox);
    if (found !== undefined) return found;
    const { message } = unknownName("scenario", name, scenarios.names(sandbox), "scenario");
    throw problem("no-such-scenario", message);
  };

  app.get(
    "/sandboxes/:s/scenarios",
    {
      schema: {
        operationId: "listScenarios",
        summary: "List the scenarios of the sandbox, with the vendors that can show them",
        tags,
        params: sandboxParams,
        response: { 200: z.strictObject({ items: z.array(shownScenario) }) },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      return { items: scenarios.list(sandbox).map((scenario) => show(sandbox, scenario)) };
    },
  );

  app.get(
    "/sandboxes/:s/scenarios/:scenario",
    {
      schema: {
        operationId: "getScenario",
        summary: "Read a scenario",
        tags,
        params: scenarioParams,
        response: { 200: shownScenario },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      return show(sandbox, known(sandbox, request.params.scenario));
    },
  );

  app.put(
    "/sandboxes/:s/scenarios/:scenario",
    {
      schema: {
        operationId: "putScenario",
        summary: "Add or replace a scenario of the sandbox, as JSON or YAML, until its next reset",
        tags,
        params: scenarioParams,
        consumes: ["application/json", "application/yaml"],
        body: scenarioDocument,
        response: { 200: shownScenario },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const { body } = request;
      const name = request.params.scenario;
      checkExtends(body, scenarios.names(sandbox), "body");
      checkScenario(options, body, scenarios.compile(sandbox, name, body), "body");
      return show(sandbox, scenarios.save(sandbox, name, body));
    },
  );

  app.delete(
    "/sandboxes/:s/scenarios/:scenario",
    {
      schema: {
        operationId: "deleteScenario",
        summary: "Remove a scenario that was added by this API; its generations continue",
        tags,
        params: scenarioParams,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const name = request.params.scenario;
      known(sandbox, name);
      if (!scenarios.isOwn(sandbox, name))
        throw problem(
          "bad-request",
          `"${name}" belongs to every sandbox; only scenarios that were added to this sandbox can be removed.`,
        );
      scenarios.delete(sandbox, name);
      reply.code(204);
    },
  );
};

/** Adds the YAML parser. Its library loads slowly, so the first YAML body loads it. */
function readYamlBodies(app: FastifyInstance): void {
  app.addContentTypeParser(
    ["application/yaml", "application/x-yaml", "text/yaml"],
    { parseAs: "string" },
    async (_request: unknown, body: string | Buffer): Promise<unknown> => {
      const { value, errors } = await parseYamlText(body.toString().replace(/^\uFEFF/, ""), MOST_YAML_TOKENS);
      const [error] = errors;
      if (error !== undefined)
        throw problem("bad-request", `The body is not YAML, line ${error.line}: ${error.reason}`);
      return value;
    },
  );
}
