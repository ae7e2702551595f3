/**
 * Implements `Idempotency-Key` [doc: guides/idempotency]: one key creates one job, for all users of the organisation.
 * What the guide does not show is [inferred]: a key is kept for 24 hours of the sandbox's clock, a replay answers 201
 * with the job's current state, and other inputs under the same key are a 409.
 */
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Operation } from "../../http/journal/operations.ts";
import { idempotencyConflict, invalidIdempotencyKey } from "./errors.ts";

const KEY = /^[A-Za-z0-9._~-]{1,128}$/;
const KEPT_MS = 24 * 60 * 60 * 1000;

/** The key of a request, and its binding. */
export interface IdempotentRequest {
  /** Id of the job that the key created before; undefined for a new or an expired key. */
  readonly boundTo: string | undefined;
  /** Binds the key to a job. Call it in the transaction that creates the job. */
  readonly bind: (publicId: string) => void;
}

/**
 * Reads the request's key; returns undefined for a request without a key. `inputs` is everything that distinguishes one
 * request from another: the parsed fields, and digests of files. Throws sync's 400 for a malformed key, and its 409 for
 * a key that came with other inputs before.
 */
export function readIdempotencyKey(
  request: FastifyRequest,
  operation: Operation,
  inputs: unknown,
): IdempotentRequest | undefined {
  const { sandbox, account, now } = request;
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  // Node joins repeated headers with a comma, which a valid key does not contain.
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

/** Returns JSON with the keys of every object sorted, so that equal inputs give equal texts. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
      : item,
  );
}
