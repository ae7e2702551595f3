/** How every request ends in the journal: what was answered, when on both clocks, with bodies kept within bounds. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { noteUnassigned } from "./open-entry.ts";

/** Completes journal entries in this scope. */
export function closeEntries(scope: FastifyInstance): void {
  scope.addHook("preValidation", keepRequestBody);
  scope.addHook("onSend", keepResponseBody);
  scope.addHook("onResponse", recordAnswer);
  scope.addHook("onRequestAbort", recordGone);
}

/** The body as the client sent it, before a schema fills in defaults, and while the request may be held for long. */
function keepRequestBody(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { body } = request;
  if (body !== undefined && body !== null) {
    const { entry, journal } = request;
    entry.requestBytes = Number(request.headers["content-length"] ?? 0);
    if (entry.requestBytes <= journal.limits.maxBodyBytes) {
      entry.requestBody = body;
      journal.grew(entry.requestBytes);
    }
  }
  done();
}

function keepResponseBody(
  request: FastifyRequest,
  _reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  if (typeof payload === "string") {
    const { entry, journal } = request;
    entry.responseBytes = payload.length;
    if (payload.length <= journal.limits.maxBodyBytes) {
      entry.responseBody = payload;
      journal.grew(payload.length);
    }
  }
  done(null, payload);
}

function recordAnswer(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  closeEntry(request, "answered", reply.statusCode);
  done();
}

function recordGone(request: FastifyRequest, done: HookHandlerDoneFunction): void {
  closeEntry(request, "gone", undefined);
  done();
}

/** Completes an entry, once: whatever ends an exchange first is what ended it. */
export function closeEntry(
  request: FastifyRequest,
  state: "answered" | "gone" | "dropped",
  status: number | undefined,
): void {
  const { entry, sandbox } = request;
  if (entry.state !== "arrived" && entry.state !== "held") return;
  entry.state = state;
  entry.status = status;
  entry.answeredAt = sandbox.clock.now();
  entry.wallAnsweredAt = sandbox.wall.now();
  const { requestCounts } = request.server.httpContext;
  noteUnassigned(request);
  requestCounts.add(entry.vendor, entry.operation, state === "answered" ? (status ?? 0) : state);
  request.log.info(
    { sandbox: sandbox.name, operation: entry.operation, status, state },
    `${entry.method} ${entry.url}`,
  );
  if (sandbox.events.isFollowed) {
    const { id, vendor, operation, url, scenario } = entry;
    sandbox.events.publish({
      kind: "request.finished",
      at: entry.answeredAt,
      request: id,
      vendor,
      operation,
      url,
      status,
      state,
      scenario,
    });
  }
}
