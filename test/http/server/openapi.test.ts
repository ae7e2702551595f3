/** Tests how an OpenAPI document is built from the schemas of the routes. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeApi, rememberRoutes, type ApiDescription } from "../../../src/http/server/openapi.ts";
import { queryBoolean, queryInteger, queryList, queryNumber } from "../../../src/http/parsing/query-codecs.ts";
import { validatorCompiler } from "../../../src/http/parsing/validation.ts";
import { buildAcmeApp } from "../../support/acme.ts";
import fastify from "fastify";

interface Document {
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly unknown[];
  readonly security: readonly unknown[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly "x-fauxgen-operation"?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: unknown }[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: unknown }>>;
}

const api: ApiDescription = {
  title: "A test",
  version: "1",
  description: "",
  security: { name: "key", scheme: { type: "http", scheme: "bearer", description: "" } },
  outcomes: [
    {
      operation: "getGeneration",
      status: 404,
      code: "GONE",
      source: "doc",
      provoke: { method: "GET", path: "/v9/generations/1" },
    },
  ],
  extensions: { "x-fauxgen-vintages": ["1", "2"] },
  prefixes: ["/v9"],
};

/** Returns the document of a server with a route for each case. */
async function describeSample(): Promise<Document> {
  const app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  rememberRoutes(app);
  const querystring = z.object({
    wait: queryBoolean.optional(),
    ratio: queryNumber.optional(),
    limit: queryInteger({ min: 1, max: 100 }).optional(),
    page: queryInteger({ min: 1 }),
    status: queryList.optional(),
  });
  const answer = z.strictObject({ id: z.string(), error: z.string().nullable(), progress: z.int() });
  app.get(
    "/v9/generations/:id",
    {
      config: { operation: "getGeneration" },
      schema: {
        params: z.object({ id: z.string() }),
        querystring,
        response: { 200: answer, "4xx": z.object({ error: z.string() }) },
      },
    },
    async () => ({ id: "", error: null, progress: 0 }),
  );
  app.get("/v9/result", { config: { operation: "getGenerationResult", access: "public" } }, async () => "");
  app.get("/v9/hidden", { schema: { hide: true } }, async () => "");
  app.get("/v90/elsewhere", async () => "");
  await app.ready();
  return (await describeApi(app.rememberedRoutes, api)) as unknown as Document;
}

describe("an OpenAPI document", () => {
  it("gives query codecs the types of their parsed values", async () => {
    const { paths } = await describeSample();
    const parameters = paths["/v9/generations/{id}"]?.get?.parameters ?? [];
    const types = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
    expect(types).toMatchObject({
      id: { type: "string" },
      wait: { type: "boolean" },
      ratio: { type: "number" },
      limit: { type: "integer", minimum: 1, maximum: 100 },
      page: { type: "integer", minimum: 1 },
      status: { type: "array", items: { type: "string" } },
    });
    expect(types.page).not.toHaveProperty("maximum");
    expect(types.status).not.toHaveProperty("anyOf");
  });

  it("lists only the routes below the prefixes, without hidden routes", async () => {
    const { paths } = await describeSample();
    expect(Object.keys(paths)).toEqual(["/v9/generations/{id}", "/v9/result"]);
  });

  it("says which routes need no key, and names the operation", async () => {
    const { paths, security } = await describeSample();
    expect(security).toEqual([{ key: [] }]);
    expect(paths["/v9/result"]?.get).toMatchObject({ security: [], "x-fauxgen-operation": "getGenerationResult" });
    expect(paths["/v9/generations/{id}"]?.get).not.toHaveProperty("security");
  });

  it("lists each status of the outcomes with its code and source", async () => {
    const { paths } = await describeSample();
    const responses = paths["/v9/generations/{id}"]?.get?.responses ?? {};
    expect(Object.keys(responses)).toEqual(["200", "404", "4XX"]);
    expect(responses["404"]?.description).toBe("Not Found: GONE [doc]");
    expect(responses["404"]?.content).toEqual(responses["4XX"]?.content);
  });

  it("has bounds of integers only where the API has them", async () => {
    expect(JSON.stringify(await describeSample())).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  it("does not change the routes that it describes", async () => {
    const app = await buildAcmeApp();
    const before = app.rememberedRoutes.length;
    await app.inject({ url: "/_fauxgen/openapi/acme.json" });
    expect(app.rememberedRoutes).toHaveLength(before);
  });
});
