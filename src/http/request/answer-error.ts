/** Answers an error of any stage of a request in the vendor's own words. */
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from "fastify-type-provider-zod";
import { MemoryExhausted } from "../../platform/memory-budget.ts";
import { TooManyGenerations } from "../../engine/generation/generations.ts";
import { ScenarioRefused } from "../../engine/scenario/plan.ts";
import { isUnwritable } from "../../store/database.ts";
import { UnreadableRow } from "../../store/unreadable-row.ts";
import { VendorError, type RequestIssue, type VendorErrors } from "../errors/vendor-error.ts";
import { issuesOf } from "../parsing/validation.ts";
import { FormUnreadable } from "../uploads/forms.ts";
import { UploadInterrupted, UploadTooLarge } from "../uploads/receive.ts";
import { BodyNotRead } from "../parsing/body-encoding.ts";
import { keepRefusedBody } from "../server/refused-bodies.ts";
import { elsewhereInWords } from "../journal/elsewhere.ts";
import { explain } from "./explain.ts";

/** With more unread body than this, an early answer closes the connection instead of draining it. */
const DRAIN_LIMIT_BYTES = 64 * 1024 * 1024;

/** Answers an error in the vendor's own shape, with a diagnostic that says what went wrong. */
export function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  errors: VendorErrors,
): void {
  if (error instanceof UploadInterrupted && request.socket.destroyed) {
    reply.hijack();
    return;
  }
  keepRefusedBody(request);
  drain(request, reply);
  const meant = translate(error, request, errors);
  const answer = errors.reword?.(meant, request.fixtures) ?? meant;
  if (answer.status >= 500 && !(error instanceof VendorError)) request.log.error(error);
  const { diagnostic } = answer;
  if (diagnostic !== undefined) explain(request, reply, diagnostic.code, diagnostic.text);
  else if (answer.status === 404 || answer.status === 403) tellElsewhere(request, reply);
  answerPlainly(reply, answer);
}

/** Tells that the key is the wrong one for the generation that the path names. */
function tellElsewhere(request: FastifyRequest, reply: FastifyReply): void {
  const { keyVerdict, vendorHttp, params, sandbox } = request;
  if (vendorHttp === undefined || keyVerdict?.ok !== true || typeof params !== "object" || params === null) return;
  const { name: vendor } = vendorHttp;
  for (const id of Object.values(params)) {
    if (typeof id !== "string") continue;
    const asked = { id, vendor, account: request.account.name, sandbox };
    const text = elsewhereInWords(request.server.httpContext, asked);
    if (text === undefined) continue;
    explain(request, reply, "GENERATION_ELSEWHERE", text);
    return;
  }
}

/** Answers a vendor's error without a diagnostic. */
export function answerPlainly(reply: FastifyReply, { status, headers, body }: VendorError): void {
  reply.code(status).headers(headers).serializer(JSON.stringify).type("application/json; charset=utf-8");
  void reply.send(body);
}

/** Discards the rest of a body: Node resets a connection with unread bytes, and the early answer is lost. */
export function drain(request: FastifyRequest, reply: FastifyReply): void {
  const isRead = request.raw.readableEnded;
  if (!isRead && Number(request.headers["content-length"] ?? 0) > DRAIN_LIMIT_BYTES) {
    reply.header("connection", "close");
    return;
  }
  // Fastify's body parser closes the connection of a refused body, which is read or drained here. A client that closes
  // must be told so, and a server that stops has set the header on the response itself, where it stays.
  const isFastifys = reply.hasHeader("connection") && !reply.raw.hasHeader("connection");
  if (isFastifys && reply.raw.shouldKeepAlive) reply.removeHeader("connection");
  if (isRead) return;
  request.raw.unpipe();
  request.raw.resume();
}

function translate(error: FastifyError, request: FastifyRequest, errors: VendorErrors): VendorError {
  if (error instanceof VendorError) return error;
  if (error instanceof BodyNotRead) return errors.unsupportedMediaType().explained("BODY_NOT_READ", error.message);
  if (request.encodingError !== undefined)
    return errors.malformedBody().explained("BODY_NOT_READ", request.encodingError.message);
  if (error instanceof FormUnreadable)
    return (errors.malformedForm ?? errors.malformedBody)().explained("BODY_NOT_READ", wordForm(request, error));
  if (error instanceof ScenarioRefused)
    return errors.invalid([ofScenario(error.message)]).explained(error.code, error.message);
  if (error instanceof UnreadableRow)
    return errors
      .internal()
      .explained("ROW_UNREADABLE", `${error.message}. Reset or delete sandbox ${request.sandbox.name}.`);
  if (isUnwritable(error)) return errors.internal().explained("STORE_UNWRITABLE", `Not stored: ${error.message}.`);
  if (error instanceof MemoryExhausted)
    return errors.rateLimited(60, request).explained("MEMORY_EXHAUSTED", error.message);
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
      return errors.unsupportedMediaType().explained("BODY_NOT_READ", wordContentType(request));
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return errors.bodyTooLarge().explained("REQUEST_INVALID", wordTooLarge(request));
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return errors.malformedBody().explained("REQUEST_INVALID", error.message);
  }
  if (error.statusCode === 400) return errors.malformedBody().explained("REQUEST_INVALID", error.message);
  return errors.internal().explained("INTERNAL", error.message);
}

/** Names the boundary that the header promises, and what is wrong with the form. */
function wordForm({ headers }: FastifyRequest, { message }: FormUnreadable): string {
  const boundary = /;\s*boundary=("?)([^";]*)\1/i.exec(headers["content-type"] ?? "")?.[2] ?? "";
  return `The form is cut off, or its parts do not begin with the boundary "${boundary}" of content-type (${message}).`;
}

/** Names the limit of a body that is too large, and what was announced. */
function wordTooLarge({ routeOptions: { bodyLimit }, headers, server }: FastifyRequest): string {
  const announced = headers["content-length"];
  const setting = bodyLimit === server.httpContext.maxBodyBytes ? "--max-body-bytes" : "the limit of this vendor";
  return `The body has more than ${bodyLimit} bytes, ${setting}${announced === undefined ? "" : `; content-length is ${announced}`}.`;
}

/** Names the content type that was sent, and those that the route reads. */
export function wordContentType({ headers, routeOptions }: FastifyRequest): string {
  const sent = headers["content-type"];
  const taken = `application/json${routeOptions.config.readForm === undefined ? "" : " or multipart/form-data"}`;
  return sent === undefined
    ? `No content-type header was sent; this route reads ${taken}.`
    : `content-type is "${sent}"; this route reads ${taken}.`;
}

/** The scenario may be in a header, a rule or a marker, so the issue names it rather than a field. */
function ofScenario(message: string): RequestIssue {
  const said = message.charAt(0).toLowerCase() + message.slice(1);
  return {
    where: "body",
    path: ["scenario"],
    message: `cannot be used: ${said.replace(/[.?]$/, "")}`,
    code: "custom",
    isMissing: false,
  };
}
