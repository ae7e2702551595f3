/** Says which rate limit refused a request, with its numbers. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { explain } from "./explain.ts";

export interface ExceededRate {
  /** What is counted, such as `createGeneration`. */
  readonly what: string;
  readonly limit: number;
  /** The length of the window on the sandbox's clock. */
  readonly windowMs: number;
  /** The count in the window, this request included. */
  readonly used: number;
  readonly remainingMs: number;
}

const WINDOWS: Readonly<Record<number, string>> = { 60_000: "minute", 3_600_000: "hour" };

/** Explains a 429 beside the vendor's answer; on a frozen clock it says that waiting does not help. */
export function explainRate(
  request: FastifyRequest,
  reply: FastifyReply,
  { what, limit, windowMs, used, remainingMs }: ExceededRate,
): void {
  const window = WINDOWS[windowMs] ?? `${windowMs / 1000} s`;
  explain(
    request,
    reply,
    "RATE_LIMITED",
    `${what}: request ${used} of account "${request.account.name}" in this ${window} of the sandbox's clock; the limit is ${limit}. The window ends in ${Math.ceil(remainingMs / 1000)} s.`,
  );
  if (request.sandbox.clock.state.mode === "frozen") explain(request, reply, "RATE_LIMIT_ON_FROZEN_CLOCK");
}
