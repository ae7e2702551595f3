import type { FastifyReply, FastifyRequest } from "fastify";
import type { Account } from "../../engine/generation/accounts.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { DiagnosticCode } from "../../http/journal/diagnostics.ts";
import { explain } from "../../http/request/explain.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";

/** Who asks for something, and how a person is told what was assumed: a client's request, or a test's order. */
export interface Asker {
  readonly sandbox: Sandbox;
  readonly account: Account;
  readonly fixtures: FixtureLibrary;
  readonly explain?: (code: DiagnosticCode, text: string) => void;
}

export function askerOf(request: FastifyRequest, reply: FastifyReply): Asker {
  const { sandbox, account, fixtures } = request;
  return {
    sandbox,
    account,
    fixtures,
    explain: (code, text) => {
      explain(request, reply, code, text);
    },
  };
}
