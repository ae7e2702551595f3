/**
 * Builds OpenAPI documents from the schemas that requests are checked against. A document is built on request, in a
 * separate server that never listens, so that the start costs only the list of routes.
 */
import { STATUS_CODES } from "../../platform/node-http.ts";
import fastify, { type FastifyInstance, type RouteOptions } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import type { Outcome } from "../errors/outcome.ts";

/** The description of an API that a document needs beside its routes. */
export interface ApiDescription {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** Name and OpenAPI object of the only security scheme. */
  readonly security: { readonly name: string; readonly scheme: SecurityScheme };
  /** Whether routes without `access: "public"` can also be used without authentication. */
  readonly isSecurityOptional?: boolean;
  /** The outcomes of the API's operations, by status and code. */
  readonly outcomes: readonly Outcome[];
  readonly extensions: Readonly<Record<`x-fauxgen-${string}`, unknown>>;
  /** The groups of the operations, in order; without them, paths decide. */
  readonly groups?: readonly OperationGroup[];
  /** The path prefixes of the API; a route's tag is the path segment after its prefix. */
  readonly prefixes: readonly string[];
}

/** Operations that belong together, by their ids, in the order in which they are shown. */
export interface OperationGroup {
  readonly name: string;
  readonly description: string;
  readonly operations: Readonly<Record<string, OperationExample>>;
}

/** The values with which an operation can be tried. */
interface OperationExample {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type SecurityScheme =
  | { readonly type: "http"; readonly scheme: "bearer"; readonly description: string }
  | { readonly type: "apiKey"; readonly in: "header"; readonly name: string; readonly description: string };

export type OpenApiDocument = Readonly<Record<string, unknown>>;

/** The server URL in a document if the reader's origin is not known. */
const DEFAULT_ORIGIN = "http://127.0.0.1:4600";

/** Appends every route that is added to `app` from now on to `routes`. */
export function rememberRoutes(app: FastifyInstance, routes: RouteOptions[] = []): void {
  app.decorate("rememberedRoutes", routes);
  app.addHook("onRoute", (route) => {
    if (route.method !== "HEAD") routes.push(route);
  });
}

declare module "fastify" {
  interface FastifyInstance {
    rememberedRoutes: RouteOptions[];
  }
}

/** Builds the document of the remembered routes whose paths are below the description's prefixes. */
export async function describeApi(routes: readonly RouteOptions[], api: ApiDescription): Promise<OpenApiDocument> {
  const { default: swagger } = await import("@fastify/swagger");
  const app = fastify({ exposeHeadRoutes: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  const { name, scheme } = api.security;
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.1",
      info: { title: api.title, version: api.version, description: api.description, ...api.extensions },
      servers: [{ url: DEFAULT_ORIGIN }],
      security: api.isSecurityOptional === true ? [{}, { [name]: [] }] : [{ [name]: [] }],
      components: { securitySchemes: { [name]: scheme } },
    },
    transform: jsonSchemaTransform,
  });
  const ids = new Map<string, number>();
  for (const route of routes.filter((each) => isOf(api, each))) {
    const { method, url, schema = {}, config } = route;
    for (const each of [method].flat().filter((one) => one !== "HEAD")) {
      const documented = { ...schema, ...operationOf(api, route, ids) };
      app.route({ method: each, url, schema: documented, ...(config && { config }), handler: () => undefined });
    }
  }
  await app.ready();
  const document = JSON.parse(JSON.stringify(app.swagger())) as OpenApiDocument;
  await app.close();
  return polish(document, api);
}

/** Returns the same document with the origin by which the reader reached the server. */
export function atOrigin(document: OpenApiDocument, origin: string): OpenApiDocument {
  return { ...document, servers: [{ url: origin }] };
}

function isOf({ prefixes }: ApiDescription, { url, schema }: RouteOptions): boolean {
  const isBelow = prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`));
  return isBelow && schema?.hide !== true;
}

function operationOf(api: ApiDescription, { url, config, schema }: RouteOptions, ids: Map<string, number>) {
  const operation = config?.operation;
  const isPublic = config?.access === "public";
  const count = (ids.get(operation ?? "") ?? 0) + 1;
  if (operation !== undefined) ids.set(operation, count);
  return {
    tags: schema?.tags ?? [topicOf(api, url)],
    ...(operation !== undefined && {
      operationId: schema?.operationId ?? (count === 1 ? operation : `${operation}_${count}`),
      "x-fauxgen-operation": operation,
    }),
    ...(isPublic && { security: [] }),
  };
}

/** Returns a route's tag: the first segment of its path after the prefix. */
function topicOf({ prefixes }: ApiDescription, url: string): string {
  const prefix = prefixes.find((each) => url === each || url.startsWith(`${each}/`)) ?? "";
  return url.slice(prefix.length).split("/")[1] || (prefix.split("/").at(-1) ?? "");
}

interface DocumentedOperation {
  "x-fauxgen-operation"?: string;
  operationId?: string;
  tags?: string[];
  parameters?: { name: string; in: string; example?: unknown }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { description: string; content?: unknown }>;
}

/** Adds a description of each status, a response for every status in the outcomes, and a working example body. */
function polish(document: OpenApiDocument, { outcomes, groups }: ApiDescription): OpenApiDocument {
  const { paths } = document as { paths: Record<string, Record<string, DocumentedOperation>> };
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    const own = outcomes.filter((outcome) => outcome.operation === operation["x-fauxgen-operation"]);
    operation.responses = responsesOf(operation.responses, own);
    const json = operation.requestBody?.content["application/json"];
    const example = own.find(({ status, provoke }) => status < 300 && provoke.body !== undefined)?.provoke.body;
    if (json !== undefined && example !== undefined) json.example ??= example;
  }
  const plain = withoutSafeBounds(document) as OpenApiDocument;
  return groups === undefined ? plain : grouped(plain, groups);
}

/** Puts the operations into their groups and in their order, and adds their examples. Throws for one without a group. */
function grouped(document: OpenApiDocument, groups: readonly OperationGroup[]): OpenApiDocument {
  const { paths } = document as { paths: Record<string, Record<string, DocumentedOperation>> };
  const order = groups.flatMap(({ operations }) => Object.keys(operations));
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    const { operationId = "" } = operation;
    const group = groups.find(({ operations }) => Object.hasOwn(operations, operationId));
    if (group === undefined) throw new Error(`${operationId} is in no group of the reference.`);
    const { params = {}, body } = group.operations[operationId] ?? {};
    operation.tags = [group.name];
    for (const parameter of operation.parameters ?? [])
      if (parameter.in === "path") parameter.example ??= params[parameter.name];
    const json = operation.requestBody?.content["application/json"];
    if (json !== undefined && body !== undefined) json.example ??= body;
  }
  const rank = (path: Record<string, DocumentedOperation>): number =>
    Math.min(...Object.values(path).map(({ operationId = "" }) => order.indexOf(operationId)));
  return {
    ...document,
    tags: groups.map(({ name, description }) => ({ name, description })),
    paths: Object.fromEntries(Object.entries(paths).sort(([, a], [, b]) => rank(a) - rank(b))),
  };
}

function responsesOf(written: DocumentedOperation["responses"], outcomes: readonly Outcome[]) {
  const statuses = new Set([...Object.keys(written), ...outcomes.map(({ status }) => String(status))]);
  const responses = [...statuses].flatMap((status) => {
    const response = written[status] ?? written[`${status.charAt(0)}XX`];
    if (response === undefined) return [];
    const codes = outcomes.filter((outcome) => String(outcome.status) === status);
    return [[status, { ...response, description: meaningOf(status, response.description, codes) }] as const];
  });
  return Object.fromEntries(responses.sort(([left], [right]) => left.localeCompare(right)));
}

function meaningOf(status: string, written: string, outcomes: readonly Outcome[]): string {
  const name = written === "Default Response" ? (STATUS_CODES[status] ?? "Any other answer of this class") : written;
  const cases = outcomes.map(({ code, phase, vintage, source }) =>
    [code ?? phase ?? "", vintage === undefined ? "" : `(${vintage})`, `[${source}]`].filter(Boolean).join(" "),
  );
  return cases.length === 0 ? name : `${name}: ${[...new Set(cases)].join(", ")}`;
}

/** Removes the bounds that zod gives every integer (the safe integers), which are not limits of the API. */
function withoutSafeBounds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSafeBounds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, bound]) => !isSafeBound(key, bound))
      .map(([key, member]) => [key, withoutSafeBounds(member)]),
  );
}

function isSafeBound(key: string, bound: unknown): boolean {
  return (
    (key === "maximum" && bound === Number.MAX_SAFE_INTEGER) || (key === "minimum" && bound === Number.MIN_SAFE_INTEGER)
  );
}
