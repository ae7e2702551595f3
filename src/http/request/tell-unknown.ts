/** Tells which query parameters and body fields of a request its route does not know, with the nearest names. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { wordUnknownFields, wordUnknownNames } from "../../wording/unknown-fields.ts";
import { explain } from "./explain.ts";

/**
 * Adds a diagnostic for unknown names. It runs before validation, because an unknown name is often why another one is
 * missing.
 */
export function tellUnknownFields(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  // An unknown route is told by itself.
  if (request.is404) {
    done();
    return;
  }
  const { config, schema } = request.routeOptions;
  const told = [
    // The URLs of files carry parameters of their own.
    config.access === "public" ? undefined : queryInWords(request),
    config.hasOpenBody === true ? undefined : wordUnknownFields(schema?.body, request.body, "body"),
  ].filter((text) => text !== undefined);
  if (told.length > 0) explain(request, reply, "PARAMETER_UNKNOWN", told.join(" "));
  done();
}

function queryInWords({ query, routeOptions: { schema } }: FastifyRequest): string | undefined {
  if (schema?.querystring !== undefined) return wordUnknownFields(schema.querystring, { ...Object(query) }, "query");
  return typeof query === "object" && query !== null ? wordUnknownNames(Object.keys(query), [], "query") : undefined;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether the body may have fields that the route's schema does not list, such as a model's own parameters. */
    hasOpenBody?: boolean;
  }
}
