/** What affogato does last to every reply. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { settingsOf } from "./settings.ts";

/** Leaves `data` out of errors where the sandbox wants it so. */
export function finishReply(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (reply.statusCode < 400 || typeof payload !== "string" || !payload.startsWith('{"data":null,')) return payload;
  return settingsOf(request.sandbox).errData === "null" ? payload : payload.replace('"data":null,', "");
}
