/** Keeps in the journal what the client sent and what really left for it: sizes always, bodies within the bound. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";

/** Keeps the body as the client sent it, while the request may be held for long. */
export function keepRequestBody(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
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

/** Keeps the body that the reply leaves with. */
export function keepReply(
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
