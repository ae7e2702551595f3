/** Reads the operations of the OpenAPI documents, as a client that knows only the documents would. */
import { readFileSync } from "node:fs";
import { vendorNames } from "../../src/client/vendor-names.ts";

/** A JSON schema, with the keywords that the generator of values needs. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Schema;
}

export interface DocumentedOperation {
  /** A vendor's name, or `control`. */
  readonly api: string;
  readonly method: string;
  /** The path with {placeholders}. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly bodies: readonly { readonly contentType: string; readonly schema: Schema }[];
  /** Resolves a `$ref` of the document. */
  readonly resolve: (schema: Schema) => Schema;
}

export const apis = [...vendorNames, "control"] as const;
export type Api = (typeof apis)[number];

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
}
interface OpenApiOperation {
  readonly parameters?: readonly { name: string; in: Parameter["in"]; required?: boolean; schema?: Schema }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}

export function readOperations(api: Api): DocumentedOperation[] {
  const text = readFileSync(new URL(`../../openapi/${api}.json`, import.meta.url), "utf8");
  const document = JSON.parse(text) as OpenApi;
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    let found: unknown = document;
    for (const part of schema.$ref.split("/").slice(1))
      found = (found as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
    return resolve(found as Schema);
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      api,
      method: method.toUpperCase(),
      path,
      parameters: parameters.map((each) => ({
        name: each.name,
        in: each.in,
        required: each.required === true,
        schema: each.schema ?? {},
      })),
      bodies: Object.entries(requestBody?.content ?? {}).map(([contentType, { schema = {} }]) => ({
        contentType,
        schema,
      })),
      resolve,
    })),
  );
}
