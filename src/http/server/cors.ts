/**
 * Lets pages of other origins call vendor routes and show media, but not use control.
 *
 * This file replaces @fastify/cors, which costs time in every request although test clients are not pages (the figure
 * is in docs/decisions/0001).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** A part of the server that pages of any origin may use. */
export interface OpenSpace {
  readonly prefixes: readonly string[];
  /** Response headers that a page's script may read. */
  readonly exposedHeaders: readonly string[];
}

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
const EXPLANATIONS = ["x-fauxgen-scenario", "x-fauxgen-diagnostic"] as const;
/** How long a browser may cache a preflight's answer. */
const MAX_AGE_SECONDS = "600";

export function allowOtherOrigins(app: FastifyInstance, spaces: readonly OpenSpace[]): void {
  const open = spaces.flatMap(({ prefixes, exposedHeaders }) => {
    const exposed = [...exposedHeaders, ...EXPLANATIONS].join(", ");
    return prefixes.map((prefix) => ({ prefix, exposed }));
  });
  const exposedTo = ({ url }: FastifyRequest): string | undefined => {
    const path = url.split("?", 1)[0] ?? "";
    return open.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.exposed;
  };
  app.addHook("onRequest", (request, reply, done) => {
    const { origin } = request.headers;
    const exposed = origin === undefined ? undefined : exposedTo(request);
    if (origin !== undefined && exposed !== undefined)
      reply.headers({
        "access-control-allow-origin": origin,
        "access-control-expose-headers": exposed,
        vary: "Origin",
      });
    done();
  });
  // The route is outside the vendors' scopes, so that preflights are not journaled: they carry no key, and would hide
  // the requests that lack a key by mistake. It answers before any body is read.
  app.options("*", {
    schema: { hide: true },
    onRequest: (request, reply, done) => {
      if (exposedTo(request) === undefined) done();
      else answerPreflight(request, reply);
    },
    handler: (_request, reply) => {
      reply.callNotFound();
    },
  });
}

function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): void {
  const wanted = headers["access-control-request-headers"];
  if (wanted !== undefined) reply.header("access-control-allow-headers", wanted);
  reply.code(204).headers({
    vary: "Origin, Access-Control-Request-Headers",
    "access-control-allow-methods": METHODS,
    "access-control-max-age": MAX_AGE_SECONDS,
  });
  void reply.send();
}
