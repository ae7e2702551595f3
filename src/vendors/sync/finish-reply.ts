/** What sync does last before a reply leaves. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { discardFiles } from "./generations/form.ts";

/** Removes the files of a form that are not assets by now: those of a request that was refused or repeated. */
export function finishReply(request: FastifyRequest, _reply: FastifyReply, payload: unknown): unknown {
  discardFiles(request);
  return payload;
}
