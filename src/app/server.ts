/** The HTTP server itself: how it is made, what every server of ours has, and what it answers below no vendor's prefix. */
import fastify, { LogController, type FastifyError, type FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import type { Outbox } from "../delivery/outbox.ts";
import type { FixtureLibrary } from "../fixtures/library.ts";
import { Problem, sendProblem } from "../http/errors/problem.ts";
import { problem, unforeseenProblem } from "../http/errors/problems.ts";
import { serializerCompilerFor, validatorCompiler } from "../http/parsing/validation.ts";
import { decorateRequests, newEntry } from "../http/request/open-entry.ts";
import { answerPlainly } from "../http/request/answer-error.ts";
import type { HttpContext } from "../http/request/vendor-http.ts";
import { readJsonBodies } from "../http/server/json-bodies.ts";
import { rememberRoutes } from "../http/server/openapi.ts";
import { transportOptions } from "../http/server/transport.ts";
import { readableUrl, refuseUnreadable } from "../http/server/unreadable.ts";
import type { MediaLibrary } from "../media/serve/library.ts";
import type { Vendor } from "../vendors/vendor.ts";

/** Bytes of a body that control takes, unless a route says otherwise. */
const CONTROL_BODY_BYTES = 1024 * 1024;

export interface ServerOptions {
  readonly config: Config;
  readonly vendors: readonly Vendor[];
}

/** Makes a server that has no route yet. */
export function createServer({ config, vendors }: ServerOptions): FastifyInstance {
  const transport = transportOptions(config);
  const server = fastify({
    logger: config.logLevel === "silent" ? false : { level: config.logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    // No id is too long for the router, so that it is the vendor who does not know it.
    routerOptions: { maxParamLength: config.maxHeaderBytes, ignoreTrailingSlash: true },
    http: transport,
    // The framework sets these once more, to its own defaults if need be.
    requestTimeout: transport.requestTimeout,
    keepAliveTimeout: transport.keepAliveTimeout,
    exposeHeadRoutes: false,
    bodyLimit: Math.min(CONTROL_BODY_BYTES, config.maxBodyBytes),
    rewriteUrl: (request) => readableUrl(request, config.maxHeaders),
    schemaController: { compilersFactory: { buildValidator: neverCompile, buildSerializer: neverCompile } },
    // A request's line names it, so that a logger of its own for each would say nothing more.
    childLoggerFactory: (logger) => logger,
    // Held requests are answered by `preClose`; idle keep-alive connections then need not be waited for.
    forceCloseConnections: "idle",
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, request, reply) => {
      const vendor = vendorOf(vendors, request.url);
      // No hook has run and nothing is known of the request yet: it gets the vendor's words and no more.
      if (vendor === undefined) sendProblem(reply, problem("bad-request", error.message));
      else answerPlainly(reply, vendor.errors.malformedBody());
    },
  });
  return server;
}

/** What the servers of one app share. */
export interface ServerParts {
  readonly vendors: readonly Vendor[];
  readonly context: HttpContext;
  readonly fixtures: FixtureLibrary;
  readonly outbox: Outbox;
  readonly media: MediaLibrary;
  /** The routes of all of them, which each adds its own to. */
  readonly routes: FastifyInstance["rememberedRoutes"];
}

/** Gives a server what its routes need. Call it before any route: earlier ones would answer errors in other words. */
export function equipServer(server: FastifyInstance, parts: ServerParts): void {
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompilerFor(parts.context.checksResponses));
  server.decorate("fixtures", parts.fixtures);
  server.decorate("outbox", parts.outbox);
  server.decorate("media", parts.media);
  decorateRequests(server, parts.context);
  readJsonBodies(server);
  rememberRoutes(server, parts.routes);
  answerUnassigned(server, parts.vendors);
}

/** Answers what is below no vendor's prefix, and what goes wrong there. */
function answerUnassigned(server: FastifyInstance, vendors: readonly Vendor[]): void {
  const prefixes = vendors.map((vendor) => `${vendor.prefixes.join(", ")} (${vendor.name})`).join("; ");
  server.get("/", async (_request, reply) => reply.redirect("/_fauxgen/"));
  server.setNotFoundHandler((request, reply) => {
    const { sandboxes, unassigned } = server.httpContext;
    const now = sandboxes.default.wall.now();
    const entry = newEntry(request, unassigned.count + 1, now, now);
    entry.state = "answered";
    entry.status = 404;
    unassigned.add("no-vendor", undefined, entry);
    sendProblem(
      reply,
      problem(
        "no-such-vendor",
        `${request.method} ${request.url} is below no vendor's prefix. There are: ${prefixes}; control is below /_fauxgen.`,
      ),
    );
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Problem) {
      sendProblem(reply, error);
      return;
    }
    const answer = unforeseenProblem(error);
    if (answer.status >= 500) request.log.error(error);
    sendProblem(reply, answer);
  });
}

/** Stands for Fastify's own compilers, which take long to load and which the ones of zod replace at once. */
function neverCompile(): never {
  throw new Error("The compilers of this server were not set.");
}

function vendorOf(vendors: readonly Vendor[], url: string): Vendor | undefined {
  return vendors.find((vendor) => vendor.prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`)));
}
