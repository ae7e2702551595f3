/**
 * One vendor's part of the server: its routes with absolute paths, its own error shapes, and its own 404 below each
 * of its prefixes. Everything here is encapsulated, so that no vendor's hooks or errors reach another's routes.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from "fastify-type-provider-zod";
import { TooManyGenerations } from "../../engine/generation/generations.ts";
import { ScenarioRefused } from "../../engine/scenario/plan.ts";
import { holdAnswers } from "./answer-order.ts";
import { openEntry, authenticate, type OwnerOf } from "./open-entry.ts";
import { closeEntries } from "./close-entry.ts";
import { explain } from "./explain.ts";
import { installFaults } from "./faults.ts";
import { pathOf } from "../parsing/paths.ts";
import { UploadInterrupted, UploadTooLarge } from "../uploads/receive.ts";
import { issuesOf } from "../parsing/validation.ts";
import { isUnwritable } from "../../store/database.ts";
import { VendorError, type RequestIssue, type VendorErrors } from "../errors/vendor-error.ts";
import type { HttpContext, VendorHttp } from "./vendor-http.ts";

/** Above this much unread body, an early answer closes the connection instead of draining it. */
const DRAIN_LIMIT_BYTES = 64 * 1024 * 1024;

export interface VendorScopeOptions {
  readonly vendorHttp: VendorHttp;
  readonly context: HttpContext;
  readonly routes: (scope: FastifyInstance) => Promise<void>;
  readonly ownerOf?: OwnerOf;
}

export async function registerVendorScope(app: FastifyInstance, options: VendorScopeOptions): Promise<void> {
  const { vendorHttp, context } = options;
  await app.register(async (scope) => {
    scope.addHook("onRequest", openEntry(context, vendorHttp, options.ownerOf));
    closeEntries(scope);
    installFaults(scope);
    holdAnswers(scope);
    scope.addHook("onRoute", (route) => {
      completeRoute(route, vendorHttp, context.maxBodyBytes);
      const operation = route.config?.operation;
      if (operation === undefined) return;
      for (const method of [route.method].flat())
        context.routes.push({ vendor: vendorHttp.name, operation, method, path: route.url });
    });
    scope.setErrorHandler((error: FastifyError, request, reply) => {
      answerError(error, request, reply, vendorHttp.errors);
    });
    await options.routes(scope);
    for (const prefix of vendorHttp.prefixes) {
      await scope.register(
        async (below) => {
          below.setNotFoundHandler((request) => {
            const path = pathOf(request.url);
            if (request.entry.isAssigned && request.method !== "OPTIONS")
              context.unassigned.add("no-route", request.sandbox.name, request.entry);
            throw vendorHttp.errors
              .routeNotFound(request.method, path)
              .explained("ROUTE_UNKNOWN", `No route ${request.method} ${path}.`);
          });
        },
        { prefix },
      );
    }
  });
}

/** Answers an error in the vendor's own shape, and says beside it what went wrong. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply, errors: VendorErrors): void {
  if (error instanceof UploadInterrupted && request.socket.destroyed) {
    reply.hijack();
    return;
  }
  drain(request, reply);
  const meant = translate(error, request, errors);
  const answer = errors.reword?.(meant, request.fixtures) ?? meant;
  if (answer.status >= 500 && !(error instanceof VendorError)) request.log.error(error);
  const { diagnostic } = answer;
  if (diagnostic !== undefined) explain(request, reply, diagnostic.code, diagnostic.text);
  answerPlainly(reply, answer);
}

/** Answers with an error of the vendor's and nothing beside it, where no request has arrived to speak of. */
export function answerPlainly(reply: FastifyReply, { status, headers, body }: VendorError): void {
  reply.code(status).headers(headers).serializer(JSON.stringify).type("application/json; charset=utf-8");
  void reply.send(body);
}

function translate(error: FastifyError, request: FastifyRequest, errors: VendorErrors): VendorError {
  if (error instanceof VendorError) return error;
  if (error instanceof ScenarioRefused)
    return errors.invalid([inBody(error.message)]).explained(error.code, error.message);
  if (isUnwritable(error)) return errors.internal().explained("STORE_UNWRITABLE", `Not stored: ${error.message}.`);
  if (error instanceof TooManyGenerations)
    return errors.rateLimited(60, request).explained("GENERATIONS_EXHAUSTED", error.message);
  if (error instanceof UploadTooLarge) return errors.bodyTooLarge().explained("UPLOAD_TOO_LARGE", error.message);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = issuesOf(error, request);
    return errors
      .invalid(issues)
      .explained(
        "REQUEST_INVALID",
        issues.map((issue) => `${[issue.where, ...issue.path].join(".")}: ${issue.message}`).join("; "),
      );
  }
  if (isResponseSerializationError(error))
    return errors.internal().explained("INTERNAL", `The response broke its schema: ${error.cause.message}`);
  switch (error.code) {
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return errors.unsupportedMediaType().explained("REQUEST_INVALID", error.message);
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return errors.bodyTooLarge().explained("REQUEST_INVALID", error.message);
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return errors.malformedBody().explained("REQUEST_INVALID", error.message);
  }
  if (error.statusCode === 400) return errors.malformedBody().explained("REQUEST_INVALID", error.message);
  return errors.internal().explained("INTERNAL", error.message);
}

function inBody(message: string): RequestIssue {
  return { where: "body", path: [], message, code: "custom", isMissing: false };
}

function completeRoute(route: RouteOptions, vendorHttp: VendorHttp, maxBodyBytes: number): void {
  route.bodyLimit = Math.min(route.bodyLimit ?? vendorHttp.bodyLimit, maxBodyBytes);
  if (route.config?.access === "public" || route.method === "OPTIONS") return;
  const own = route.onRequest === undefined ? [] : [route.onRequest].flat();
  route.onRequest = [authenticate, ...own];
}

/** Node resets a connection whose request body was left unread, and the client never sees the early answer. */
export function drain(request: FastifyRequest, reply: FastifyReply): void {
  if (request.raw.readableEnded) return;
  if (Number(request.headers["content-length"] ?? 0) > DRAIN_LIMIT_BYTES) reply.header("connection", "close");
  else {
    reply.removeHeader("connection");
    request.raw.resume();
  }
}
