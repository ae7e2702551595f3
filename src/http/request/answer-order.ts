/**
 * Orders a create's answer and the webhooks and events of its generation. The answer is first: webhooks and events wait
 * until it is sent. If the scenario asks for the reverse, the answer waits for its webhooks.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Instant } from "../../engine/base/clock.ts";
import type { Generation } from "../../engine/model/generation.ts";
import { onFlushed } from "./hold.ts";

/** Orders the answer to a request and the webhooks of the generations that the request created. */
export function orderAnswer(request: FastifyRequest, reply: FastifyReply, created: readonly Generation[]): void {
  const { sandbox, now } = request;
  const rowsToldOf = (when: "before" | "after"): number[] =>
    created.filter(({ webhook }) => (webhook?.beforeAnswer === true) === (when === "before")).map(({ rowId }) => rowId);
  const answer = sandbox.createAnswers.pend(rowsToldOf("after"));
  onFlushed(reply, answer.end);
  const first = new Set(rowsToldOf("before"));
  if (first.size === 0) return;
  sendFirst(request, now);
  request.answersAfter = sandbox.pendingWork.endOf(first);
}

/** Starts the webhooks that go before the answer. If the store refuses that, they stay due and the create stands. */
function sendFirst({ sandbox, log }: FastifyRequest, now: Instant): void {
  try {
    sandbox.settleAt(now);
  } catch (error) {
    log.error(error, "the webhooks that go before an answer could not be started; they are sent later");
  }
}

/** Delays a reply until the data that it acknowledges is written and the webhooks that go before it are sent. */
export function awaitWritten(
  request: FastifyRequest,
  _reply: FastifyReply,
  payload: unknown,
  done: (error: Error | null, payload?: unknown) => void,
): void {
  const { written, answersAfter } = request;
  if (written === undefined && answersAfter === undefined) {
    done(null, payload);
    return;
  }
  request.written = undefined;
  Promise.all([written, answersAfter]).then(
    () => {
      done(null, payload);
    },
    (error: unknown) => {
      // The generations were not stored, and their ids will be used again.
      request.entry.generations = undefined;
      done(error instanceof Error ? error : new Error(String(error)));
    },
  );
}

declare module "fastify" {
  interface FastifyRequest {
    /** Settles once the webhooks that go before the answer are sent; never rejects. */
    answersAfter: Promise<unknown> | undefined;
    /** Settles once the data that the request created is in the file; rejects if it cannot be written. */
    written: Promise<unknown> | undefined;
  }
}
