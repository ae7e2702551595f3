/** Cleans up after a request before its reply is sent. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { discardFiles } from "./generations/form.ts";

/** Removes the files of a form that have not become assets, because the request was refused or repeated. */
export function finishReply(request: FastifyRequest, _reply: FastifyReply, payload: unknown): unknown {
  discardFiles(request);
  return payload;
}
