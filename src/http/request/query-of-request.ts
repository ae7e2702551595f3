/** Presents the query of a request as it was sent and as the vendor reads it. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { withoutQuerySecrets } from "../../wording/shown-urls.ts";
import type { RequestQuery } from "../../engine/rule/request-match.ts";

const NO_QUERY: RequestQuery = { sent: {}, read: {} };

const parameters = z.record(z.string(), z.unknown());

/** Returns the query with its secrets redacted. Call it before validation, which replaces the request's query. */
export function queryOf(request: FastifyRequest): RequestQuery {
  const given = parameters.safeParse({ ...(typeof request.query === "object" && request.query) });
  if (!given.success || Object.keys(given.data).length === 0) return NO_QUERY;
  const sent = withoutQuerySecrets(given.data);
  return { sent, read: readBy(request.routeOptions.schema?.querystring, sent) };
}

/** Returns the parameters as the route's schema reads them; those that it does not know or refuses stay as sent. */
function readBy(schema: unknown, sent: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!(schema instanceof z.ZodType)) return sent;
  const read = parameters.safeParse(schema.safeParse(sent).data);
  if (!read.success) return sent;
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, read.data[name] ?? value]));
}
