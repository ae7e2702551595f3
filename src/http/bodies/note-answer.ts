/** Notes which of the vendor's listed answers a reply is, and counts it once it was sent. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { OutcomeTable } from "../errors/outcome-table.ts";
import type { Phase } from "../../engine/model/phases.ts";
import type { AnswerCounts, CountedAnswer } from "../journal/answer-counts.ts";

/** What a server counts over all of its sandboxes; resets and deletions of sandboxes leave it. */
export interface Coverage {
  readonly table: OutcomeTable;
  readonly run: AnswerCounts;
  /** When the counts of the run began, by the real clock. */
  since: number;
}

/** Notes which answer a reply is. Call it with the whole body, before a fault damages the reply. */
export function noteAnswer(request: FastifyRequest, { statusCode }: FastifyReply, body: unknown): void {
  const { entry, sandbox, shownPhase, method } = request;
  const { vendor, operation } = entry;
  // HEAD has no body that shows an answer, and a preflight is not the client's own request.
  if (vendor === undefined || operation === undefined || method === "HEAD" || method === "OPTIONS") return;
  const answers = request.server.httpContext.coverage.table.answersOf(vendor, operation, statusCode);
  if (answers === undefined) return;
  const vintage = answers.vintage === undefined ? undefined : sandbox.settings.vintage(vendor, answers.vintage);
  const text = typeof body === "string" ? body : entry.responseBody;
  request.answerVintage = vintage;
  // What a fault has edited is not the vendor's answer.
  request.answer = request.isAnswerEdited ? answers.other(shownPhase) : answers.match(shownPhase, text, vintage);
}

/** Counts the answer of a request in its sandbox and in the run. */
export function countAnswer({ server, journal, answer, answerVintage }: FastifyRequest): void {
  if (answer === undefined) return;
  const { run } = server.httpContext.coverage;
  journal.answers.add(answer);
  run.add(answer);
  if (answerVintage === undefined) return;
  journal.answers.noteVintage(answer.vendor, answerVintage);
  run.noteVintage(answer.vendor, answerVintage);
}

declare module "fastify" {
  interface FastifyRequest {
    /** The phase of the generation that the answer shows. */
    shownPhase: Phase | undefined;
    /** Whether a fault has edited the reply. */
    isAnswerEdited: boolean;
    /** The listed answer that the reply is. */
    answer: CountedAnswer | undefined;
    /** The version of the vendor's API that answers, where versions have answers of their own. */
    answerVintage: string | undefined;
  }
}
