/** Describes who submits a generation: a client's request, or a test through control. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Owner } from "../../engine/sandbox/documents.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";
import type { DiagnosticCode } from "../journal/diagnostics.ts";
import type { ExactNumbers } from "../parsing/exact-numbers.ts";
import { explain } from "./explain.ts";

export interface Submitter extends Owner {
  /** A user of the account; `owner` for what a test submits through control. */
  readonly user: string;
  readonly fixtures: FixtureLibrary;
  /** Numbers of the request's body that an echo writes with the digits that were sent. */
  readonly exactNumbers?: ExactNumbers | undefined;
  /** Adds a diagnostic about an assumption to the answer; absent if there is no vendor's answer. */
  readonly explain?: (code: DiagnosticCode, text: string) => void;
}

/** Returns the submitter of a client's request. */
export function submitterOf(request: FastifyRequest, reply: FastifyReply): Submitter {
  const { sandbox, account, now, user, fixtures, exactNumbers } = request;
  return {
    sandbox,
    account,
    now,
    user,
    fixtures,
    exactNumbers,
    explain: (code, text) => {
      explain(request, reply, code, text);
    },
  };
}
