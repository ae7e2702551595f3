/**
 * Lets pages of loopback origins, and of origins that `--cors` names, call vendor routes and read media. Control is
 * closed to pages of other origins.
 *
 * This file replaces @fastify/cors, which costs time in every request although test clients are not pages (the figure
 * is in docs/decisions/0001).
 */
import { isIP } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { problem } from "../errors/problems.ts";

/** A part of the server that pages of allowed origins may use. */
interface OpenSpace {
  readonly prefixes: readonly string[];
  /** Response headers that a page's script may read. */
  readonly exposedHeaders: readonly string[];
}

export interface CorsOptions {
  readonly spaces: readonly OpenSpace[];
  /** Origins beside loopback's; `any` allows all. */
  readonly origins: readonly string[] | "any";
}

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
const EXPLANATIONS = ["x-fauxgen-scenario", "x-fauxgen-diagnostic", "x-fauxgen-see"] as const;
/** How long a browser may cache a preflight's answer. */
const MAX_AGE_SECONDS = "600";

export function allowOtherOrigins(app: FastifyInstance, { spaces, origins }: CorsOptions): void {
  const open = spaces.flatMap(({ prefixes, exposedHeaders }) => {
    const exposed = [...exposedHeaders, ...EXPLANATIONS].join(", ");
    return prefixes.map((prefix) => ({ prefix, exposed }));
  });
  const exposedTo = ({ url }: FastifyRequest): string | undefined => {
    const path = url.split("?", 1)[0] ?? "";
    return open.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.exposed;
  };
  const isAllowed = (origin: string): boolean =>
    origins === "any" || origins.includes(origin.toLowerCase()) || isLoopbackOrigin(origin);
  app.addHook("onRequest", (request, reply, done) => {
    const { origin } = request.headers;
    const exposed = origin === undefined ? undefined : exposedTo(request);
    if (origin !== undefined && exposed !== undefined) {
      // For others too: a cache must not hand an answer without these headers to a page that may read it.
      reply.header("vary", "Origin");
      if (isAllowed(origin))
        reply.headers({ "access-control-allow-origin": origin, "access-control-expose-headers": exposed });
    }
    done();
  });
  // The route is outside the vendors' scopes, so that preflights are not journaled: they carry no key, and would hide
  // the requests that lack a key by mistake. It answers before any body is read.
  app.options("*", {
    schema: { hide: true },
    onRequest: (request, reply, done) => {
      const { origin } = request.headers;
      if (exposedTo(request) === undefined) done();
      else if (origin === undefined || isAllowed(origin)) answerPreflight(request, reply);
      else done(notAllowed(origin));
    },
    handler: (_request, reply) => {
      reply.callNotFound();
    },
  });
}

function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): void {
  const wanted = headers["access-control-request-headers"];
  if (wanted !== undefined) reply.header("access-control-allow-headers", wanted);
  // Asked by pages of a public address before they call a private one [Private Network Access].
  if (headers["access-control-request-private-network"] === "true")
    reply.header("access-control-allow-private-network", "true");
  reply.code(204).headers({
    vary: "Origin, Access-Control-Request-Headers",
    "access-control-allow-methods": METHODS,
    "access-control-max-age": MAX_AGE_SECONDS,
  });
  void reply.send();
}

function notAllowed(origin: string): Error {
  return problem("origin-not-allowed", `${origin} is not a loopback origin. Start fauxgen with --cors ${origin}.`);
}

/** Returns whether a page was served by this machine: `http://localhost:5173`, `https://127.0.0.1`, `http://app.localhost`. */
function isLoopbackOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  if (protocol !== "http:" && protocol !== "https:") return false;
  if (hostname === "[::1]") return true;
  return isIP(hostname) === 4 ? hostname.startsWith("127.") : /(?:^|\.)localhost$/.test(hostname);
}
