/** Applies affogato's last change to every reply. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { settingsOf } from "./settings.ts";

/** Removes `data` from an error if the sandbox's `errData` setting is `absent`. */
export function finishReply(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (reply.statusCode < 400 || typeof payload !== "string" || !payload.startsWith('{"data":null,')) return payload;
  return settingsOf(request.sandbox).errData === "null" ? payload : payload.replace('"data":null,', "");
}
