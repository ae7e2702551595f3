/** Creates the HTTP server, adds what every route needs, and answers requests outside the vendors' prefixes. */
import type { Socket } from "node:net";
import fastify, { LogController, type FastifyError, type FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import type { Outbox } from "../delivery/outbox.ts";
import type { Template } from "../fixtures/template.ts";
import { Problem, sendProblem } from "../http/errors/problem.ts";
import { problem, unforeseenProblem } from "../http/errors/problems.ts";
import { adviceOnRoute } from "../http/errors/route-advice.ts";
import { pathOf } from "../http/parsing/paths.ts";
import { serializerCompilerFor, validatorCompiler } from "../http/parsing/validation.ts";
import { decorateRequests, newEntry } from "../http/request/open-entry.ts";
import { boundBodies } from "../http/bodies/body-room.ts";
import { answerPlainly } from "../http/request/answer-error.ts";
import type { HttpContext } from "../http/request/vendor-http.ts";
import { unpackBodies } from "../http/parsing/body-encoding.ts";
import { ownNames } from "../http/server/own-hosts.ts";
import { readJsonBodies } from "../http/server/json-bodies.ts";
import { rememberRoutes } from "../http/server/openapi.ts";
import { transportOptions } from "../http/server/transport.ts";
import { readableUrl, refuseNotPlain } from "../http/server/unreadable.ts";
import type { MediaLibrary } from "../media/serve/library.ts";
import type { Vendor } from "../vendors/vendor.ts";

/** The largest body that control accepts, in bytes, unless a route has its own limit. */
const CONTROL_BODY_BYTES = 1024 * 1024;

export interface ServerOptions {
  readonly config: Config;
  readonly vendors: readonly Vendor[];
}

/** Creates a server without routes. */
export function createServer({ config, vendors }: ServerOptions): FastifyInstance {
  const transport = transportOptions(config);
  const names = ownNames(
    config,
    vendors.flatMap(({ realHosts }) => realHosts),
  );
  const server = fastify({
    logger: config.logLevel === "silent" ? false : { level: config.logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    // The router accepts an id of any length, so that an unknown id gets the vendor's own 404.
    routerOptions: { maxParamLength: config.maxHeaderBytes, ignoreTrailingSlash: true },
    http: transport,
    // Fastify replaces these with its own defaults unless they are given here too.
    requestTimeout: transport.requestTimeout,
    keepAliveTimeout: transport.keepAliveTimeout,
    exposeHeadRoutes: true,
    bodyLimit: Math.min(CONTROL_BODY_BYTES, config.maxBodyBytes),
    rewriteUrl: (request) => readableUrl(request, config.maxHeaders, names),
    schemaController: { compilersFactory: { buildValidator: neverCompile, buildSerializer: neverCompile } },
    // The log line of a request names the request, so a logger per request would add nothing.
    childLoggerFactory: (logger) => logger,
    // `preClose` answers the held requests, so closing need not wait for idle keep-alive connections.
    forceCloseConnections: "idle",
    // A request that arrives while the server stops gets its own answer, instead of the framework's 503.
    return503OnClosing: false,
    clientErrorHandler: refuseNotPlain,
    frameworkErrors: (error, request, reply) => {
      const vendor = vendorOf(vendors, request.url);
      // No hook has run yet, so the vendor's error is sent without a diagnostic.
      if (vendor === undefined) sendProblem(reply, problem("bad-request", error.message));
      else answerPlainly(reply, vendor.errors.malformedBody());
    },
  });
  return server;
}

/** The parts that the servers of one app share. */
export interface ServerParts {
  readonly vendors: readonly Vendor[];
  readonly context: HttpContext;
  readonly template: Template;
  readonly outbox: Outbox;
  readonly media: MediaLibrary;
  /** The routes of all these servers; each server adds its own. */
  readonly routes: FastifyInstance["rememberedRoutes"];
}

/** Adds what a server's routes need. Call it before any route is added: earlier routes would answer other errors. */
export function equipServer(server: FastifyInstance, parts: ServerParts): void {
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompilerFor(parts.context.checksResponses));
  server.decorate("fixtures", parts.template.library);
  server.decorate("template", parts.template);
  server.decorate("outbox", parts.outbox);
  server.decorate("media", parts.media);
  decorateRequests(server, parts.context);
  server.server.on("connection", (socket: Socket) => {
    parts.context.exchangeOrder.connect(socket);
  });
  boundBodies(server);
  unpackBodies(server);
  readJsonBodies(server);
  rememberRoutes(server, parts.routes);
  answerUnassigned(server, parts.vendors);
}

/** Answers requests outside the vendors' prefixes, and their errors. */
function answerUnassigned(server: FastifyInstance, vendors: readonly Vendor[]): void {
  const prefixes = vendors.map((vendor) => `${vendor.prefixes.join(", ")} (${vendor.name})`).join("; ");
  server.get("/", async (_request, reply) => reply.redirect("/_fauxgen/"));
  server.setNotFoundHandler((request, reply) => {
    const { sandboxes, unassigned, routes } = server.httpContext;
    const now = sandboxes.default.wall.now();
    const entry = newEntry(request, unassigned.count + 1, now, now);
    entry.state = "answered";
    entry.status = 404;
    unassigned.add("no-vendor", undefined, entry);
    const advice = adviceOnRoute(routes, request.method, pathOf(request.url));
    sendProblem(
      reply,
      problem(
        "no-such-vendor",
        `${request.method} ${request.url} is not below a vendor's prefix.${advice === undefined ? "" : ` ${advice}`} The prefixes are: ${prefixes}. Control is below /_fauxgen.`,
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

/** Replaces Fastify's own compilers, which load slowly, until zod's compilers are set. */
function neverCompile(): never {
  throw new Error("The compilers of this server were not set.");
}

function vendorOf(vendors: readonly Vendor[], url: string): Vendor | undefined {
  return vendors.find((vendor) => vendor.prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`)));
}
