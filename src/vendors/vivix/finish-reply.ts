/** Adds vivix's headers and request id to every reply. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { uuidFrom } from "../../engine/base/ids.ts";
import { balanceOf, stateOf } from "./account.ts";

/**
 * Adds `X-Request-Id` to every reply, equal to `request_id` in an error's body. Adds the balance after the call [doc]
 * to a successful reply, as `X-Credits-Balance`, a plain integer [inferred: the documentation's sample has a thousands
 * comma].
 */
export function finishReply(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const { sandbox, account, keyVerdict } = request;
  const requestId = nextRequestId(request);
  reply.header("x-request-id", requestId);
  if (reply.statusCode < 400) {
    if (keyVerdict?.ok === true)
      reply.header("x-credits-balance", String(balanceOf(stateOf(account, sandbox.clock.now()))));
    return payload;
  }
  // An error may replace a successful reply that already has these headers.
  reply.removeHeader("x-credits-balance");
  reply.removeHeader("x-ratelimit-remaining");
  if (typeof payload !== "string" || !payload.startsWith("{")) return payload;
  // `request_id` is the last key, after the context of some codes [doc: /docs/api/errors].
  return JSON.stringify({ ...(JSON.parse(payload) as Record<string, unknown>), request_id: requestId });
}

function nextRequestId(request: FastifyRequest): string {
  const owner = request.keyVerdict?.ok === true ? request.account : request.sandbox.account("main");
  const digest = owner.nextPassingDigest("vivix", "request");
  return `req_${uuidFrom(digest).replaceAll("-", "").slice(0, 24)}`;
}
