/** Provides what all control routes share: options, the sandbox of a path, request validation and error answers. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isResponseSerializationError } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Config } from "../config.ts";
import { AdvanceAborted } from "../engine/sandbox/advance.ts";
import { BundleUnfit } from "../engine/sandbox/bundle.ts";
import { ClockAtEnd, ClockBackwards, ClockBusy, type WallClock } from "../engine/base/clock.ts";
import { Turns } from "../engine/base/turns.ts";
import { nearestNames } from "../wording/nearest.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import { MemoryExhausted } from "../platform/memory-budget.ts";
import { TooManyGenerations } from "../engine/generation/generations.ts";
import { BundleTooLarge, KeyTaken } from "../engine/sandbox/restoring.ts";
import { TooManySandboxes } from "../engine/sandbox/sandboxes.ts";
import { ScenarioRefused } from "../engine/scenario/plan.ts";
import { sandboxName } from "../engine/sandbox/settings.ts";
import { TimelineConflict } from "../engine/model/timeline.ts";
import { Problem, sendProblem } from "../http/errors/problem.ts";
import { parseInSteps } from "../http/parsing/parse-in-steps.ts";
import { problem, unforeseenProblem } from "../http/errors/problems.ts";
import { adviceOnRoute } from "../http/errors/route-advice.ts";
import { VendorError } from "../http/errors/vendor-error.ts";
import { adviceOn, fieldErrors, inOneLine, type FieldError } from "../wording/field-errors.ts";
import { isUnwritable } from "../store/database.ts";
import { UnreadableRow } from "../store/unreadable-row.ts";
import { wordContentType } from "../http/request/answer-error.ts";
import type { HttpContext } from "../http/request/vendor-http.ts";
import type { Vendor } from "../vendors/vendor.ts";

export interface ControlOptions {
  readonly config: Config;
  readonly vendors: readonly Vendor[];
  readonly context: HttpContext;
}

/** Path parameters of a route for a sandbox. */
export const sandboxParams = z.object({ s: sandboxName.meta({ description: "Name of the sandbox" }) });

/** Returns the sandbox of the path after running its due actions. Throws `no-such-sandbox` and `sandbox-damaged`. */
export function sandboxOf(context: HttpContext, params: z.output<typeof sandboxParams>): Sandbox {
  const sandbox = foundSandbox(context, params);
  sandbox.settle();
  refuseDamaged(sandbox);
  return sandbox;
}

/** Returns the same after every row that an earlier process stored of it was decoded, so that no damage stays hidden. */
export async function checkedSandboxOf(context: HttpContext, params: z.output<typeof sandboxParams>): Promise<Sandbox> {
  await context.sandboxes.completeCheck(foundSandbox(context, params));
  return sandboxOf(context, params);
}

/**
 * Returns the sandbox of the path for a route that deletes what it holds, without running its due actions: they are
 * deleted with the rest, and neither damage nor a full disk nor their number may stop that. Throws `no-such-sandbox`.
 */
export function sandboxToEmpty(context: HttpContext, params: z.output<typeof sandboxParams>): Sandbox {
  return foundSandbox(context, params);
}

/** Throws `sandbox-damaged` with the row that cannot be read. */
export function refuseDamaged({ name, damage }: Sandbox): void {
  if (damage !== undefined) throw damaged(damage, `Reset or delete sandbox ${name}`);
}

function damaged({ message, table, row }: UnreadableRow, advice: string): Problem {
  return problem("sandbox-damaged", `${message}. ${advice}; other sandboxes are not affected.`, { table, row });
}

function foundSandbox(context: HttpContext, { s }: z.output<typeof sandboxParams>): Sandbox {
  const sandbox = context.sandboxes.find(s);
  if (sandbox === undefined) {
    const names = context.sandboxes.all().map(({ name }) => name);
    throw problem(
      "no-such-sandbox",
      `No sandbox is called "${s}". ${adviceOn(nearestNames(s, names), names)} PUT /_fauxgen/sandboxes/${s} creates it; so does the first vendor request with a key fx_${s}_main.`,
    );
  }
  return sandbox;
}

/** Answers errors of control routes as problems. */
export function answerControlErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    drain(request, reply);
    const answer = error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE" ? otherContentType(request) : problemOf(error);
    if (answer.status >= 500) request.log.error(error);
    sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request) => {
    const path = request.url.split("?", 1)[0] ?? request.url;
    const advice = adviceOnRoute(namedRoutesOf(app), request.method, path);
    throw problem(
      "no-such-route",
      `There is no ${request.method} ${path}.${advice === undefined ? "" : ` ${advice}`} See /_fauxgen/docs.`,
    );
  });
}

/** Returns control's routes, without those that only the board and browsers use. */
function namedRoutesOf({ rememberedRoutes }: FastifyInstance): { readonly method: string; readonly path: string }[] {
  return rememberedRoutes
    .filter(({ url, schema }) => url.startsWith("/_fauxgen/") && schema?.hide !== true)
    .flatMap(({ method, url }) => [method].flat().map((each) => ({ method: each, path: url })))
    .filter(({ method }) => method !== "HEAD");
}

function otherContentType(request: FastifyRequest): Problem {
  return unforeseenProblem({ name: "Error", statusCode: 415, message: wordContentType(request) });
}

/** Translates the errors of the engine, the store and the framework. */
export function problemOf(error: Error & Partial<FastifyError>): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ClockBackwards) return problem("clock-backwards", `${error.message} Only a reset sets it back.`);
  if (error instanceof AdvanceAborted) return problem("advance-aborted", error.message);
  if (error instanceof ClockAtEnd) return problem("clock-at-end", error.message);
  if (error instanceof ClockBusy) return problem("clock-busy", `${error.message} Wait for its answer.`);
  if (error instanceof BundleUnfit) return problem("bundle-unfit", error.message);
  if (error instanceof BundleTooLarge) return problem("too-large", error.message);
  if (error instanceof KeyTaken) return problem("key-taken", error.message);
  if (error instanceof TooManySandboxes) return problem("too-many-sandboxes", error.message);
  if (error instanceof UnreadableRow) return damaged(error, "Reset or delete its sandbox");
  if (isUnwritable(error)) return problem("not-ready", `The store cannot be written: ${error.message}.`);
  if (error instanceof MemoryExhausted) return problem("memory-exhausted", error.message);
  if (error instanceof TooManyGenerations) return problem("too-many-generations", error.message);
  if (error instanceof TimelineConflict) return problem("generation-conflict", error.message);
  if (error instanceof ScenarioRefused)
    return problem(error.code === "SCENARIO_NOT_EXPRESSIBLE" ? "not-expressible" : "unknown-name", error.message);
  if (error instanceof VendorError)
    return problem("refused-by-vendor", `The vendor answers ${error.message}.`, {
      answer: { status: error.status, body: error.body },
    });
  if (isResponseSerializationError(error))
    return problem("internal", `The response broke its schema: ${error.cause.message}`);
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return problem("too-large", "The body is larger than this route or --max-body-bytes allows.");
  return unforeseenProblem(error);
}

/** Returns the problem for a request that does not fit its schema, with every field error. */
export function invalidRequest(errors: readonly FieldError[]): Problem {
  return problem("invalid-request", inOneLine(errors), { errors });
}

/** Parses a value with `schema`; `at` is its place in the request. Throws `invalid-request` with every field error. */
export function parsedBy<Parsed>(schema: z.ZodType<Parsed>, value: unknown, at: readonly string[]): Parsed {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(fieldErrors(schema, value, parsed.error, at));
}

/** Names of the parts of a request in errors. */
const PARTS: Readonly<Record<string, string>> = { querystring: "query", params: "path" };

/** A body of this many bytes is validated in turns. */
const LARGE_BYTES = 16 * 1024;

/** Validates requests like {@link checkControlRequests}, except bodies, which their routes check while they read them. */
export function checkAllButBodies(scope: FastifyInstance): void {
  scope.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) =>
    httpPart === "body" ? (value: unknown) => ({ value }) : validatorOf(schema, httpPart),
  );
}

/** Validates requests to control, with errors that say which value was given and which are allowed. */
export function checkControlRequests(app: FastifyInstance, wall: WallClock): void {
  const validated = new WeakSet();
  app.addHook("preValidation", async (request) => {
    const schema = request.routeOptions.schema?.body;
    if (!(schema instanceof z.ZodType) || request.unpackedBytes < LARGE_BYTES) return;
    const parsed = await new Turns(wall).run(parseInSteps(schema, request.body));
    if ("issues" in parsed) {
      const { issues } = parsed;
      throw invalidRequest(fieldErrors(schema, request.body, new z.ZodError([...issues]), ["body"]));
    }
    request.body = parsed.data;
    if (typeof parsed.data === "object" && parsed.data !== null) validated.add(parsed.data);
  });
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => {
    const validate = validatorOf(schema, httpPart);
    return (value: unknown) =>
      typeof value === "object" && value !== null && validated.has(value) ? { value } : validate(value);
  });
}

type Validated = { readonly value: unknown } | { readonly error: Problem };

function validatorOf(schema: z.ZodType, httpPart = "body"): (value: unknown) => Validated {
  return (value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data };
    return { error: invalidRequest(fieldErrors(schema, value, parsed.error, [PARTS[httpPart] ?? httpPart])) };
  };
}

/** Discards the rest of a body: an early answer with an unread body would reset the connection. */
function drain(request: FastifyRequest, _reply: FastifyReply): void {
  if (!request.raw.readableEnded) request.raw.resume();
}
