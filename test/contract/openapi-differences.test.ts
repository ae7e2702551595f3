/** Tests that the comparison of two API descriptions finds each kind of difference. */
import { describe, expect, it } from "vitest";
import { openapiDifferences } from "./openapi-differences.ts";

type Json = Readonly<Record<string, unknown>>;

const text = { type: "string" };
const content = (schema: Json) => ({ content: { "application/json": { schema } } });

/** A document with one operation. */
const documentOf = (operation: Json, more: Json = {}): Json => ({
  paths: { "/jobs/{id}": { get: operation } },
  ...more,
});

const taking = (parameters: readonly Json[]) => documentOf({ parameters, responses: {} });
const asking = (schema: Json) => documentOf({ requestBody: content(schema), responses: {} });
const answering = (schema: Json, more: Json = {}) => documentOf({ responses: { 200: content(schema) } }, more);
const fields = (properties: Json, required: readonly string[] = []) => ({ type: "object", properties, required });
const query = (name: string, schema: Json, required = false) => ({ in: "query", name, required, schema });

describe("the comparison of two API descriptions", () => {
  it.each<[string, Json, Json, string[]]>([
    ["an operation that is not served", answering(text), { paths: {} }, ["GET /jobs/{}: not served"]],
    ["an operation that is not published", { paths: {} }, answering(text), ["GET /jobs/{}: not published"]],
    ["a missing status", answering(text), documentOf({ responses: {} }), ["GET /jobs/{} 200: not served"]],
    ["a missing query parameter", taking([query("page", text)]), taking([]), ["GET /jobs/{} ?page: not served"]],
    ["another query parameter", taking([]), taking([query("page", text)]), ["GET /jobs/{} ?page: not published"]],
    [
      "a query parameter that is required",
      taking([query("page", text)]),
      taking([query("page", text, true)]),
      ["GET /jobs/{} ?page: required false, true"],
    ],
    [
      "a bound and a default of a query parameter",
      taking([query("page", { type: "integer", minimum: 1, default: 1 })]),
      taking([query("page", { type: "integer" })]),
      ["GET /jobs/{} ?page: default 1, none", "GET /jobs/{} ?page: minimum 1, none"],
    ],
    [
      "a field of a request of another type",
      asking(fields({ seed: { type: "integer" } })),
      asking(fields({ seed: text })),
      ['GET /jobs/{} body.seed: type ["integer"], ["string"]'],
    ],
    [
      "a field of a request that takes no null",
      asking(fields({ seed: { type: "string", nullable: true } })),
      asking(fields({ seed: text })),
      ["GET /jobs/{} body.seed: nullable true, false"],
    ],
    [
      "a field of a request that is required",
      asking(fields({ seed: text })),
      asking(fields({ seed: text }, ["seed"])),
      ["GET /jobs/{} body.seed: optional, required"],
    ],
    [
      "fewer choices of a request",
      asking(fields({ kind: { type: "string", enum: ["a", "b"] } })),
      asking(fields({ kind: { type: "string", enum: ["a"] } })),
      ['GET /jobs/{} body.kind: choices ["a","b"], ["a"]'],
    ],
    [
      "a field of an answer that may be missing",
      answering(fields({ id: text }, ["id"])),
      answering(fields({ id: text })),
      ["GET /jobs/{} 200.id: required, optional"],
    ],
    [
      "a field of an answer that may be null",
      answering(fields({ list: { type: "array", items: fields({ id: text }) } })),
      answering(fields({ list: { type: "array", items: fields({ id: { type: ["string", "null"] } }) } })),
      ["GET /jobs/{} 200.list[].id: nullable false, true"],
    ],
    [
      "another choice of an answer",
      answering(fields({ kind: { type: "string", enum: ["a"] } })),
      answering(fields({ kind: { type: "string", enum: ["a", "z"] } })),
      ['GET /jobs/{} 200.kind: choices ["a"], ["a","z"]'],
    ],
    [
      "a field of an answer that is not published, behind a reference",
      answering({ $ref: "#/components/schemas/Job" }, { components: { schemas: { Job: fields({ id: text }) } } }),
      answering(fields({ id: text, extra: text })),
      ["GET /jobs/{} 200.extra: not published"],
    ],
  ])("finds %s", (_what, published, served, found) => {
    expect(openapiDifferences({ published, served })).toEqual(found);
  });

  it.each<[string, Json, Json]>([
    [
      "fewer choices of an answer",
      answering(fields({ a: text })),
      answering(fields({ a: { type: "string", enum: ["b"] } })),
    ],
    [
      "null in the forms of two versions",
      answering({ type: "string", nullable: true }),
      answering({ type: ["string", "null"] }),
    ],
    [
      "a union of two objects",
      answering(fields({ a: text, b: text })),
      answering({ anyOf: [fields({ a: text }), fields({ b: text })] }),
    ],
    ["the fields of an open object", answering({ type: "object" }), answering(fields({ a: text }))],
    ["a name of a path's parameter", { paths: { "/a/{x}": { get: {} } } }, { paths: { "/a/{y}": { get: {} } } }],
    ["texts", asking({ ...text, description: "one" }), asking({ ...text, description: "two" })],
  ])("accepts %s", (_what, published, served) => {
    expect(openapiDifferences({ published, served })).toEqual([]);
  });
});
