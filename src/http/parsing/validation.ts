/** Validates requests and serializes responses, for every route with zod schemas. */
import type { FastifyError, FastifyRequest } from "fastify";
import type { FastifySerializerCompiler } from "fastify/types/schema.js";
import { createSerializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { z } from "zod";
import { wordIssue } from "../../wording/vendor-phrases.ts";
import { valueAt } from "../../wording/value-at.ts";
import type { RequestIssue } from "../errors/vendor-error.ts";

export { validatorCompiler };

/**
 * Returns the serializer of responses. Views return exactly what is sent, so a response is written as it is. With
 * `checks`, as in tests, a response that breaks its schema is an error.
 */
export function serializerCompilerFor(checks: boolean): FastifySerializerCompiler<z.ZodType> {
  return checks ? createSerializerCompiler({}) : () => JSON.stringify;
}

/** Returns the issues of a failed validation in the request's own terms. */
export function issuesOf(
  error: FastifyError & {
    validation: readonly {
      readonly instancePath: string;
      readonly message?: string;
      readonly keyword: string;
      readonly params: unknown;
    }[];
  },
  request: FastifyRequest,
): RequestIssue[] {
  const where = whereOf(error.validationContext);
  return error.validation.map(({ instancePath, message, keyword, params }) => {
    const path =
      instancePath === "/"
        ? []
        : instancePath
            .split("/")
            .slice(1)
            .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
    return {
      where,
      path,
      message: wordIssue(keyword, message ?? "Invalid", { ...(typeof params === "object" && params) }),
      code: keyword,
      isMissing: valueAt(partOf(request, where), path) === undefined,
    };
  });
}

/** Returns the issues of a body that was validated apart from a request. */
export function issuesOfBody({ issues }: z.core.$ZodError, body: unknown): RequestIssue[] {
  return issues.map(({ path, message, ...details }) => {
    const keys = path.map(String);
    const isMissing = valueAt(body, keys) === undefined;
    return {
      where: "body",
      path: keys,
      message: wordIssue(details.code, message, { ...details }),
      code: details.code,
      isMissing,
    };
  });
}

function whereOf(context: string | undefined): RequestIssue["where"] {
  return context === "querystring" || context === "params" || context === "headers" ? context : "body";
}

function partOf(request: FastifyRequest, where: RequestIssue["where"]): unknown {
  switch (where) {
    case "body":
      return request.body;
    case "querystring":
      return request.query;
    case "params":
      return request.params;
    case "headers":
      return request.headers;
  }
}
