/** Reads the query of GET /v2/generate/{id}: which fields to include, and how long to hold the request. */
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { queryBoolean, queryList, queryNumber } from "../../../http/parsing/query-codecs.ts";
import { badRequest } from "../errors.ts";
import { waitBounds, type Vintage } from "../vintage.ts";

export const readQuery = z.object({
  wait: queryBoolean.optional().meta({
    description: "Hold the request until the generation has ended or the timeout has passed",
  }),
  timeout: queryNumber.optional().meta({
    description:
      "Maximum seconds to hold the request: 30 by default, at most 55 (2026-06); 5 by default, 1 to 10 (2026-11)",
  }),
  // A text in the document [seed], because the vendor's tool server offers its tools with the document's types [client].
  include: queryList
    .optional()
    .meta({ type: "string", items: undefined, description: "Further fields, separated by commas: progress" }),
});

export interface ReadRequest {
  /** How long to hold the request; undefined for an immediate response. */
  readonly waitSeconds: number | undefined;
  readonly progress: boolean;
}

/** Reads a query. Throws sync's 400 for a value that the vintage does not accept. */
export function readRequestOf({ wait, timeout, include }: z.output<typeof readQuery>, vintage: Vintage): ReadRequest {
  const progress = include?.includes("progress") ?? false;
  if (wait === true && progress) {
    throw badRequest("wait=true cannot be combined with include=progress").explained("PROGRESS_WITH_WAIT");
  }
  const seconds = secondsOf(timeout, vintage);
  return { waitSeconds: wait === true ? seconds : undefined, progress };
}

/**
 * Returns the seconds to wait. The bounds also hold for a timeout without wait=true [inferred: the framework checks
 * each parameter by itself].
 */
function secondsOf(timeout: number | undefined, vintage: Vintage): number {
  const { defaultSeconds, minSeconds, maxSeconds, isStrict } = waitBounds[vintage];
  if (timeout === undefined) return defaultSeconds;
  const explanation = `timeout is ${timeout}; vintage ${vintage} accepts`;
  if (!isStrict) {
    if (timeout <= 0)
      throw badRequest("timeout must be a positive number").explained(
        "VINTAGE_BOUND",
        `${explanation} values above 0.`,
      );
    return Math.min(timeout, maxSeconds);
  }
  if (timeout < minSeconds || timeout > maxSeconds) {
    throw badRequest(`timeout must be between ${minSeconds} and ${maxSeconds} seconds`).explained(
      "VINTAGE_BOUND",
      `${explanation} ${minSeconds} to ${maxSeconds}.`,
    );
  }
  return timeout;
}

/** Adds headers that say how the request was held [doc], and when to retry if the generation has not ended. */
export function addWaitHeaders(reply: FastifyReply, seconds: number, vintage: Vintage, hasEnded: boolean): void {
  if (!waitBounds[vintage].hasHeaders) return;
  reply.header("x-sync-wait-mode", "long_poll").header("x-sync-wait-timeout-seconds", String(seconds));
  if (!hasEnded) reply.header("retry-after", "2");
}
