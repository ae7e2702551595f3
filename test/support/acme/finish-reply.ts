/** Adds Acme's request id to every reply and to the body of an error, and the remaining credits to a success. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { uuidFrom } from "../../../src/engine/base/ids.ts";
import { stateOf } from "./account.ts";

export function finishReply(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const { sandbox, account, keyVerdict } = request;
  const caller = keyVerdict?.ok === true ? account : undefined;
  const id = uuidFrom((caller ?? sandbox.account("main")).nextPassingDigest("acme", "request"));
  reply.header("x-acme-request", id);
  if (reply.statusCode < 400) {
    if (caller !== undefined) reply.header("x-acme-credits", String(stateOf(caller).credits));
    return payload;
  }
  // An error may replace a success that was finished before.
  reply.removeHeader("x-acme-credits");
  if (typeof payload !== "string" || !payload.startsWith("{")) return payload;
  return JSON.stringify({ ...(JSON.parse(payload) as object), request: id });
}
