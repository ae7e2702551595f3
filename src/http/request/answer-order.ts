/**
 * Decides which goes first, a create's answer or what else tells of the generation. The answer does: webhooks and events
 * wait until it is on the wire. With a scenario that asks for the reverse, the answer waits for its webhooks.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Generation } from "../../engine/model/generation.ts";
import { onFlushed } from "./hold.ts";

/** Puts the answer to this request in order with the webhooks of the generations that it made. */
export function orderAnswer(request: FastifyRequest, reply: FastifyReply, created: readonly Generation[]): void {
  const { sandbox, now } = request;
  const rowsToldOf = (when: "before" | "after"): number[] =>
    created.filter(({ webhook }) => (webhook?.beforeAnswer === true) === (when === "before")).map(({ rowId }) => rowId);
  const answer = sandbox.createAnswers.pend(rowsToldOf("after"));
  onFlushed(reply, answer.end);
  const first = new Set(rowsToldOf("before"));
  if (first.size === 0) return;
  sandbox.settleAt(now);
  request.answersAfter = sandbox.pendingWork.endOf(first);
}

/** Delays a reply until what it acknowledges is written, and until what {@link orderAnswer} put before it has been told. */
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
      // They do not exist: their ids are given again.
      request.entry.generations = undefined;
      done(error instanceof Error ? error : new Error(String(error)));
    },
  );
}

declare module "fastify" {
  interface FastifyRequest {
    /** What must be over before the answer is sent; each part of it is guarded. */
    answersAfter: Promise<unknown> | undefined;
    /** Settles once what the request created is in the file; rejects when the file does not take it. */
    written: Promise<unknown> | undefined;
  }
}
