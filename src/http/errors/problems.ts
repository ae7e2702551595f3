/**
 * Lists every problem that the emulator itself answers, by its stable code. `problem()` creates them, so that a code
 * always has the same title, and the same status unless Fastify sets its own.
 */
import type { FastifyError } from "fastify";
import { Problem, type ProblemKind } from "./problem.ts";

export const problems = {
  "bad-request": { status: 400, title: "The request is not usable" },
  "bundle-unfit": { status: 400, title: "The bundle does not fit this version" },
  "invalid-request": { status: 400, title: "The request does not fit the schema" },
  "unknown-name": { status: 400, title: "The request contains an unknown name" },
  "never-matches": { status: 400, title: "No request could match this rule or filter" },
  "not-expressible": { status: 400, title: "The vendor cannot show this scenario or phase" },
  "refused-by-vendor": { status: 400, title: "The vendor would refuse this request" },
  unauthorized: { status: 401, title: "Control is not open to this request" },
  "no-such-sandbox": { status: 404, title: "There is no such sandbox" },
  "no-such-account": { status: 404, title: "There is no such account" },
  "no-such-key": { status: 404, title: "The key is not registered" },
  "no-such-generation": { status: 404, title: "There is no such generation" },
  "no-such-scenario": { status: 404, title: "There is no such scenario" },
  "no-such-rule": { status: 404, title: "There is no such rule" },
  "no-such-request": { status: 404, title: "There is no such request in the journal" },
  "sandbox-damaged": { status: 500, title: "The sandbox holds a stored row that cannot be read" },
  "host-not-allowed": { status: 403, title: "Pages may not use this server under this host" },
  "origin-not-allowed": { status: 403, title: "Pages of this origin may not use this server" },
  "no-such-delivery": { status: 404, title: "There is no such delivery" },
  "no-such-endpoint": { status: 404, title: "There is no such webhook endpoint" },
  "no-such-diagnostic": { status: 404, title: "There is no such diagnostic" },
  "no-such-catalogue": { status: 404, title: "The vendor has no such catalogue" },
  "no-such-route": { status: 404, title: "Control has no such route" },
  "no-such-upload": { status: 404, title: "There is no such upload" },
  "no-such-vendor": { status: 404, title: "No vendor has this path" },
  "upload-content-type": { status: 403, title: "The upload is refused" },
  "upload-expired": { status: 403, title: "The upload is refused" },
  "upload-signature": { status: 403, title: "The upload is refused" },
  "clock-backwards": { status: 409, title: "A clock cannot go back" },
  "advance-aborted": { status: 409, title: "The sandbox ended while its clock was being advanced" },
  "clock-at-end": { status: 409, title: "A clock ends with the year 9999" },
  "clock-busy": { status: 409, title: "The clock is being advanced" },
  "key-taken": { status: 409, title: "The key belongs to another account" },
  "not-creatable": { status: 409, title: "Generations of this vendor cannot be created here yet" },
  "delivery-busy": { status: 409, title: "The delivery is being sent" },
  "no-endpoints": { status: 409, title: "The vendor has no webhook endpoints to add to" },
  "too-many-endpoints": { status: 409, title: "The account has reached its limit of webhook endpoints" },
  "generation-conflict": { status: 409, title: "The generation's phase does not allow this change" },
  "other-sandbox": { status: 409, title: "The bundle belongs to another sandbox" },
  "not-reached": { status: 422, title: "Fewer items were found in time than expected" },
  "cannot-tell": { status: 422, title: "The journal did not keep enough to tell" },
  "not-verified": { status: 422, title: "The requests do not meet the expectation" },
  "too-large": { status: 413, title: "The body is too large" },
  "upload-too-large": { status: 413, title: "The upload is too large" },
  "memory-exhausted": { status: 429, title: "The memory budget is used up" },
  "too-many-followers": { status: 429, title: "The limit of open event streams is reached" },
  "too-many-generations": { status: 429, title: "The sandbox has reached its limit of generations" },
  "too-many-saves": { status: 429, title: "The limit of bundles that are saved at once is reached" },
  "too-many-held": { status: 429, title: "The limit of held requests is reached" },
  "too-many-sandboxes": { status: 429, title: "The limit of sandboxes is reached" },
  internal: { status: 500, title: "The emulator failed" },
  "not-ready": { status: 503, title: "The emulator is not ready" },
} as const satisfies Record<string, Omit<ProblemKind, "code">>;

export type ProblemCode = keyof typeof problems;

/** Returns a problem of a registered kind; `extra` members are added to its body. */
export function problem(code: ProblemCode, detail: string, extra: Readonly<Record<string, unknown>> = {}): Problem {
  return new Problem({ ...problems[code], code }, detail, extra);
}

/** Returns a problem for any other error: one that Fastify finds in a request, or a bug. */
export function unforeseenProblem({ statusCode: status = 500, message }: Partial<FastifyError> & Error): Problem {
  const code = status >= 500 ? "internal" : "bad-request";
  return new Problem({ ...problems[code], code, status }, message);
}
