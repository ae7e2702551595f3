/**
 * `Idempotency-Key` [doc: guides/idempotency]: one key, one job, whoever of the organisation sends it. What the guide
 * does not show is [inferred]: a key is kept for 24 hours of the sandbox's clock, a replay answers 201 with the job's
 * present state, other inputs under the same key are a 409.
 */
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Operation } from "../../http/journal/operations.ts";
import { idempotencyConflict, invalidIdempotencyKey } from "./errors.ts";

const KEY = /^[A-Za-z0-9._~-]{1,128}$/;
const KEPT_MS = 24 * 60 * 60 * 1000;

/** What a key stands for in this request. */
export interface IdempotentRequest {
  /** Id of what the key has made before; undefined for a key that is new, or past its time. */
  readonly boundTo: string | undefined;
  /** Binds the key. Call it in the transaction of what was made. */
  readonly bind: (publicId: string) => void;
}

/**
 * What the request's key stands for, or undefined for a request without one. `inputs` is everything that tells one
 * request from another: the parsed fields, and digests of files. Throws sync's 400 for a key that is no key, and its
 * 409 for one that came with other inputs.
 */
export function readIdempotencyKey(
  request: FastifyRequest,
  operation: Operation,
  inputs: unknown,
): IdempotentRequest | undefined {
  const { sandbox, account, now } = request;
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  // Node joins repeated headers with a comma, which no key has.
  if (typeof key !== "string" || !KEY.test(key)) throw invalidIdempotencyKey();
  const { idempotency } = sandbox.store;
  const fingerprint = createHash("sha256").update(canonicalText(inputs)).digest("hex");
  const known = idempotency.find(account.id, "sync", operation, key);
  const isKept = known !== undefined && now - known.createdAt < KEPT_MS;
  if (isKept && known.fingerprint !== fingerprint) throw idempotencyConflict();
  return {
    boundTo: isKept ? known.publicId : undefined,
    bind: (publicId) => {
      idempotency.save({
        accountId: account.id,
        vendor: "sync",
        operation,
        key,
        fingerprint,
        publicId,
        createdAt: now,
      });
    },
  };
}

/** JSON with the keys of every object in one order, so that two ways of writing the same inputs are one. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
      : item,
  );
}
