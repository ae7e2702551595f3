/** Completes the journal entry of every request with its status and its end on both clocks. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { isOpen } from "../journal/journal.ts";
import { publishEnd } from "../journal/entry-event.ts";
import { countAnswer } from "../bodies/note-answer.ts";
import { noteUnassigned } from "./open-entry.ts";

/** Records that the reply was sent, with its status. */
export function recordAnswer(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  closeEntry(request, "answered", reply.statusCode);
  request.entry.retryAfter = reply.getHeader("retry-after")?.toString();
  done();
}

/** Records that the client disconnected before its answer. */
export function recordGone(request: FastifyRequest, done: HookHandlerDoneFunction): void {
  closeEntry(request, "gone", undefined);
  done();
}

/** Completes an entry unless it is already complete: only the first end of an exchange counts. */
export function closeEntry(
  request: FastifyRequest,
  state: "answered" | "gone" | "dropped",
  status: number | undefined,
): void {
  const { entry, sandbox } = request;
  if (!isOpen(entry)) return;
  entry.state = state;
  entry.status = status;
  // Forms and uploads are read after the entry is opened. A body that was not read keeps its announced size.
  entry.requestBytes = Math.max(entry.requestBytes, request.bodyBytes);
  entry.answeredAt = sandbox.clock.now();
  entry.wallAnsweredAt = sandbox.wall.now();
  const { requestCounts, exchangeOrder } = request.server.httpContext;
  if (entry.order !== undefined) exchangeOrder.end(entry.order);
  noteUnassigned(request);
  if (state === "answered") countAnswer(request);
  requestCounts.add(entry.vendor, entry.operation, state === "answered" ? (status ?? 0) : state);
  request.log.info(
    { sandbox: sandbox.name, operation: entry.operation, status, state },
    `${entry.method} ${entry.url}`,
  );
  publishEnd(sandbox, entry);
}
