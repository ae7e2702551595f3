/**
 * Serves the routes of the reference: OpenAPI documents, JSON Schemas, and pages that load nothing from other hosts.
 */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { atOrigin } from "../../http/server/openapi.ts";
import { problem } from "../../http/errors/problems.ts";
import { originOf } from "../../http/parsing/public-url.ts";
import { adviceOn } from "../../wording/field-errors.ts";
import { nearestNames } from "../../wording/nearest.ts";
import { documentedApis, openApiDocuments } from "./api-descriptions.ts";
import { fixtureSchemas } from "../fixtures/schemas.ts";
import { docsPage, docsScript } from "./pages.ts";
import { packageRoot } from "../../platform/package-root.ts";
import type { ControlOptions } from "../scope.ts";

const HTML = "text/html; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

/** The files of Swagger UI that the page loads, with their content types. */
const ASSETS: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": SCRIPT,
  "favicon-32x32.png": "image/png",
};

/** Allows no other host; inline styles and data URLs are allowed because Swagger UI uses them. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

const hidden = { config: { access: "public" }, schema: { hide: true } } as const;

export const referenceRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { vendors }) => {
  const apis = documentedApis(vendors);
  const documentOf = openApiDocuments(apis, app.rememberedRoutes);
  const file = z.object({ file: z.string() });

  app.get("/docs", hidden, async (_request, reply) =>
    reply.type(HTML).header("content-security-policy", POLICY).send(docsPage(apis)),
  );

  app.get("/docs/assets/start.js", hidden, async (_request, reply) => reply.type(SCRIPT).send(docsScript(apis)));

  app.get("/docs/assets/:file", { ...hidden, schema: { hide: true, params: file } }, async (request, reply) => {
    const name = request.params.file;
    const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (type === undefined) throw problem("no-such-route", `The reference page has no file ${name}.`);
    return reply
      .type(type)
      .header("cache-control", "max-age=3600")
      .send(createReadStream(join(packageRoot, "dist/swagger-ui", name)));
  });

  app.get(
    "/schemas/:file",
    {
      config: { access: "public" },
      schema: {
        operationId: "getFixtureSchema",
        summary: "Read a JSON Schema of a file in a fixtures folder: `rules.json`, `accounts.json`, `scenario.json`",
        tags: ["control"],
        params: file,
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async (request) => {
      const { file: name } = request.params;
      const schemas = fixtureSchemas(vendors);
      const schema = Object.entries(schemas).find(([each]) => `${each}.json` === name)?.[1];
      if (schema !== undefined) return schema;
      const names = Object.keys(schemas).map((each) => `${each}.json`);
      throw problem("no-such-route", `There is no schema ${name}. ${adviceOn(nearestNames(name, names), names)}`);
    },
  );

  app.get(
    "/openapi/:file",
    {
      config: { access: "public" },
      schema: {
        operationId: "getOpenApiDocument",
        summary: "Read an OpenAPI document: `<vendor>.json` or `control.json`",
        tags: ["control"],
        params: file,
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async (request) => {
      const { file: name } = request.params;
      const document = await (name.endsWith(".json") ? documentOf(name.slice(0, -".json".length)) : undefined);
      if (document === undefined) {
        const names = apis.map((api) => `${api.name}.json`).join(", ");
        throw problem("no-such-route", `There is no document ${name}. There are: ${names}.`);
      }
      return atOrigin(document, originOf(request));
    },
  );
};
