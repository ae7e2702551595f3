/** How every request ends in the journal: what was answered, when on both clocks, with bodies kept within bounds. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import type { JournalEntry } from "./journal.ts";

/** Completes journal entries in this scope. */
export function recordDepartures(scope: FastifyInstance): void {
  scope.addHook("onSend", keepBodies);
  scope.addHook("onResponse", recordAnswer);
  scope.addHook("onRequestAbort", recordGone);
}

function keepBodies(
  request: FastifyRequest,
  _reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  const { entry, journal } = request;
  const { maxBodyBytes } = journal.limits;
  let kept = 0;
  const requestBytes = Number(request.headers["content-length"] ?? 0);
  if (request.body !== undefined && request.body !== null) {
    entry.requestBytes = requestBytes;
    if (requestBytes <= maxBodyBytes) {
      entry.requestBody = request.body;
      kept += requestBytes;
    }
  }
  if (typeof payload === "string") {
    entry.responseBytes = payload.length;
    if (payload.length <= maxBodyBytes) {
      entry.responseBody = payload;
      kept += payload.length;
    }
  }
  if (kept > 0) journal.grew(kept);
  done(null, payload);
}

function recordAnswer(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  finish(request, "answered", reply.statusCode);
  done();
}

function recordGone(request: FastifyRequest, done: HookHandlerDoneFunction): void {
  if (request.entry.state !== "answered") finish(request, "gone", undefined);
  done();
}

function finish(request: FastifyRequest, state: JournalEntry["state"], status: number | undefined): void {
  const { entry, sandbox } = request;
  entry.state = state;
  entry.status = status;
  entry.answeredAt = sandbox.clock.now();
  entry.wallAnsweredAt = sandbox.wall.now();
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
