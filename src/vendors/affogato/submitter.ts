import type { FastifyReply, FastifyRequest } from "fastify";
import type { Account } from "../../engine/generation/accounts.ts";
import type { Instant } from "../../engine/base/clock.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { DiagnosticCode } from "../../http/journal/diagnostics.ts";
import { explain } from "../../http/request/explain.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";

/** Whose things are looked for, and when. Every request with a key is one. */
export interface Owner {
  readonly sandbox: Sandbox;
  readonly account: Account;
  readonly now: Instant;
}

/** Who asks for a generation: a client's request, or a test through control. */
export interface Asker extends Owner {
  readonly fixtures: FixtureLibrary;
  /** Says something to a person beside the answer, where there is one. */
  readonly explain?: (code: DiagnosticCode, text: string) => void;
}

export function askerOf(request: FastifyRequest, reply: FastifyReply): Asker {
  const { sandbox, account, now, fixtures } = request;
  return {
    sandbox,
    account,
    now,
    fixtures,
    explain: (code, text) => {
      explain(request, reply, code, text);
    },
  };
}
