/** Tests the API document from which sync's tool server builds its tools. */
import { describe, expect, it } from "vitest";
import { buildTestWorld } from "../../../support/app.ts";

interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
}

interface ApiDocument {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Tags whose operations become tools of the vendor's tool server. */
const TOOL_TAGS = ["generate", "generations", "models", "assets", "projects", "voices", "text-to-speech"];

/** Operations that the tool server is known to call, from its tool list and its overrides. */
const KNOWN_IDS = [
  "GenerateController_createGeneration",
  "GenerateController_getGeneration",
  "GenerateController_getGenerations",
  "GenerateController_estimateCost",
  "GenerationsController_getById",
  "GenerationsController_delete",
  "GenerationsController_estimateCost",
  "ModelsController_get",
  "AssetsController_getAll",
  "AssetsController_get",
  "AssetsController_create",
  "AssetsController_update",
  "AssetsController_delete",
  "AssetsController_createUploadUrl",
  "VoicesController_getVoices",
  "VoicesController_cloneVoice",
  "VoicesController_deleteVoice",
  "TtsController_create",
  "ProjectsController_create",
  "ProjectsController_getAll",
  "ProjectsController_get",
  "ProjectsController_update",
  "ProjectsController_delete",
];

async function readDocument(): Promise<{ document: ApiDocument; text: string }> {
  const { app } = await buildTestWorld();
  const response = await app.inject({ method: "GET", url: "/api-json", headers: { host: "sync.test:4600" } });
  expect(response.statusCode).toBe(200);
  return { document: response.json(), text: response.body };
}

describe("sync's API document", () => {
  it("the document has every operation of the vendor's tool server, and needs no key", async () => {
    const { document } = await readDocument();
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const tools = operations.filter(({ tags = [] }) => tags.some((tag) => TOOL_TAGS.includes(tag.toLowerCase())));
    expect(tools.map(({ operationId }) => operationId)).toEqual(expect.arrayContaining(KNOWN_IDS));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
  });

  it("the document has JSON bodies, only valid references, and the origin of the request", async () => {
    const { document, text } = await readDocument();
    expect(document.openapi).toMatch(/^3\./);
    expect(document.servers).toEqual([{ url: "http://sync.test:4600" }]);
    const create = document.paths["/v2/generate"]?.post;
    expect(create?.requestBody?.content["application/json"]?.schema).toMatchObject({
      type: "object",
      required: ["model", "input"],
    });
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path.split("/"));
    const resolve = (path: readonly string[]) =>
      path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
    expect(references.filter((path) => resolve(path) === undefined)).toEqual([]);
    expect(text).not.toContain("x-fauxgen");
  });
});
