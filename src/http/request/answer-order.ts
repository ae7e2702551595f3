/**
 * Which goes first, a create's answer or what else tells of the generation. The answer does: webhooks and events wait
 * until it is on the wire. A scenario that asks for the reverse has the answer wait for its webhooks.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
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
  const told = [...sandbox.flushing].filter(([, what]) => what.generation !== undefined && first.has(what.generation));
  request.answersAfter = Promise.all(told.map(([ended]) => ended));
}

/** Has answers wait until what they acknowledge is written, and for what {@link orderAnswer} put before them. */
export function holdAnswers(scope: FastifyInstance): void {
  scope.addHook("onSend", (request, _reply, payload, done) => {
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
        // They are none: their ids are given again.
        request.entry.generations = undefined;
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

declare module "fastify" {
  interface FastifyRequest {
    /** What must be over before the answer is sent; each part of it is guarded. */
    answersAfter: Promise<unknown> | undefined;
    /** Settles once what the request created is in the file; rejects when the file does not take it. */
    written: Promise<unknown> | undefined;
  }
}
