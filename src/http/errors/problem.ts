/** Defines the emulator's own errors, as opposed to the vendors': RFC 9457 problems with a stable `code`. */
import type { FastifyReply } from "fastify";
import { withoutUrlSecretsIn } from "../../wording/shown-urls.ts";

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** The fields that all problems with the same code share. */
export interface ProblemKind {
  readonly status: number;
  readonly code: string;
  readonly title: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor({ status, code, title }: ProblemKind, detail: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.title = title;
    this.extra = extra;
  }

  get body(): ProblemBody & Readonly<Record<string, unknown>> {
    const { status, code, title, message: detail, extra } = this;
    return { type: `urn:fauxgen:problem:${code}`, title, status, code, detail, ...extra };
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  // The detail quotes the request, so a browser must not sniff another content type.
  reply.code(problem.status).serializer(JSON.stringify).header("x-content-type-options", "nosniff");
  reply.type("application/problem+json; charset=utf-8");
  void reply.send(withoutUrlSecretsIn(problem.body));
}
