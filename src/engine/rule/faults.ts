/**
 * Defines faults: defects of an exchange itself, named as in WireMock and Toxiproxy. `http/` carries them out.
 *
 * A `before` fault answers in place of the handler, so nothing is stored or charged. An `after` fault lets the handler
 * run and then loses or damages its reply, so the client does not know what happened.
 */
import { z } from "zod";
import { duration } from "../base/time-codecs.ts";

/** Faults of the connection, which leave no usable response. */
const BREAKS = ["CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "NEVER_ANSWER"] as const;

/** Faults that damage a reply on its way; they need a reply, so they are always `after`. */
const DAMAGES = ["MALFORMED_RESPONSE_CHUNK", "TRUNCATED_BODY", "WRONG_CONTENT_LENGTH", "SLOW_BODY"] as const;

const faultKinds = [...BREAKS, ...DAMAGES] as const;

const faultKind = z.enum(faultKinds);

const detailedFault = z
  .strictObject({
    kind: faultKind.optional(),
    status: z.int().min(200).max(599).optional().meta({ description: "Answer with this status" }),
    error: z.string().optional().meta({ description: "Answer with the vendor's error of this code" }),
    rateLimit: z
      .union([
        z.literal(true),
        z.strictObject({
          retryAfterSeconds: z.int().min(1).max(86_400).optional(),
          limit: z.int().min(1).optional(),
          per: duration.optional(),
        }),
      ])
      .optional()
      .meta({
        description:
          "Answer with the vendor's 429, and with Retry-After if the vendor sends it or `retryAfterSeconds` is given; with `limit` and `per`, only requests above this number in each such period of the sandbox's clock",
      }),
    latency: z
      .union([duration, z.strictObject({ min: duration, max: duration })])
      .optional()
      .meta({
        description:
          "Delay on the sandbox's clock, fixed or drawn from a range by the seed; alone or before another effect",
      }),
    when: z.enum(["before", "after"]).optional(),
    body: z
      .unknown()
      .optional()
      .meta({ description: "With `status`: the body; by default the body of the vendor's error of this status" }),
    headers: z.record(z.string(), z.string()).optional().meta({ description: "With `status`: further headers" }),
    bytes: z
      .int()
      .min(0)
      .optional()
      .meta({ description: "With TRUNCATED_BODY: number of bytes that are sent; half of the body by default" }),
    by: z
      .int()
      .refine((count) => count !== 0, "0 is the right length")
      .optional()
      .meta({
        description:
          "With WRONG_CONTENT_LENGTH: number of bytes by which the header exceeds the body; 16 by default, may be negative",
      }),
    during: duration
      .optional()
      .meta({ description: "With SLOW_BODY: real time over which the body is sent; 2s by default" }),
  })
  .superRefine((fault, context) => {
    const flaw = flawOfFault(fault);
    if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw });
  });

/** A fault as a rule or a scenario writes it: a name, or an object with details. */
export const fault = z.union([faultKind, detailedFault]);

export type FaultDocument = z.output<typeof fault>;
type DetailedFault = z.output<typeof detailedFault>;

/** A range of milliseconds of the sandbox's clock; both ends are equal for a fixed delay. */
interface Latency {
  readonly min: number;
  readonly max: number;
}

export type FaultEffect =
  | { readonly name: "LATENCY" }
  | {
      readonly name: "STATUS";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly name: "ERROR"; readonly code: string }
  | {
      readonly name: "RATE_LIMIT";
      readonly retryAfterSeconds?: number;
      readonly limit?: number;
      readonly perMs: number;
    }
  | { readonly name: (typeof BREAKS)[number] }
  | { readonly name: "MALFORMED_RESPONSE_CHUNK" }
  | { readonly name: "TRUNCATED_BODY"; readonly bytes?: number }
  | { readonly name: "WRONG_CONTENT_LENGTH"; readonly by: number }
  | { readonly name: "SLOW_BODY"; readonly duringMs: number };

/** A compiled fault. */
export interface Fault {
  readonly when: "before" | "after";
  readonly latency?: Latency;
  readonly effect: FaultEffect;
}

const DEFAULT_SURPLUS_BYTES = 16;
const DEFAULT_SLOW_BODY_MS = 2000;
const DEFAULT_RATE_PERIOD_MS = 60_000;

/** Compiles a fault's document. */
export function compileFault(document: FaultDocument): Fault {
  const detailed: DetailedFault = typeof document === "string" ? { kind: document } : document;
  const { latency } = detailed;
  const effect = effectOf(detailed);
  return {
    when: detailed.when ?? (isDamage(effect.name) ? "after" : "before"),
    effect,
    ...(latency !== undefined && { latency: typeof latency === "number" ? { min: latency, max: latency } : latency }),
  };
}

/**
 * Returns whether a fault can apply to a HEAD request. HEAD is never held, and its reply has no body to damage; a
 * latency before another effect is left out.
 */
export function suitsHead({ effect: { name } }: Fault): boolean {
  return name !== "LATENCY" && name !== "NEVER_ANSWER" && !isDamage(name);
}

/** Returns a short text such as `STATUS 503 (before)`, `TRUNCATED_BODY (after)` or `LATENCY (before)`. */
export function describeFault({ effect, when, latency }: Fault): string {
  const detail = effect.name === "STATUS" ? ` ${effect.status}` : effect.name === "ERROR" ? ` ${effect.code}` : "";
  const delayed = latency !== undefined && effect.name !== "LATENCY" ? " after LATENCY" : "";
  return `${effect.name}${detail}${delayed} (${when})`;
}

function effectOf(detailed: DetailedFault): FaultEffect {
  const { kind, status, error, rateLimit, body, headers, bytes, by, during } = detailed;
  if (status !== undefined)
    return { name: "STATUS", status, ...(body !== undefined && { body }), ...(headers !== undefined && { headers }) };
  if (error !== undefined) return { name: "ERROR", code: error };
  if (rateLimit !== undefined) {
    const { retryAfterSeconds, limit, per } = rateLimit === true ? {} : rateLimit;
    return {
      name: "RATE_LIMIT",
      perMs: per ?? DEFAULT_RATE_PERIOD_MS,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(limit !== undefined && { limit }),
    };
  }
  switch (kind) {
    case undefined:
      return { name: "LATENCY" };
    case "TRUNCATED_BODY":
      return { name: kind, ...(bytes !== undefined && { bytes }) };
    case "WRONG_CONTENT_LENGTH":
      return { name: kind, by: by ?? DEFAULT_SURPLUS_BYTES };
    case "SLOW_BODY":
      return { name: kind, duringMs: during ?? DEFAULT_SLOW_BODY_MS };
    case "CONNECTION_RESET_BY_PEER":
    case "EMPTY_RESPONSE":
    case "NEVER_ANSWER":
    case "MALFORMED_RESPONSE_CHUNK":
      return { name: kind };
  }
}

function isDamage(name: FaultEffect["name"]): boolean {
  return DAMAGES.some((damage) => damage === name);
}

/** The fault that each detail belongs to. */
const DETAILS = {
  body: "status",
  headers: "status",
  bytes: "TRUNCATED_BODY",
  by: "WRONG_CONTENT_LENGTH",
  during: "SLOW_BODY",
} as const;

function flawOfFault(detailed: DetailedFault): string | undefined {
  const { kind, status, error, rateLimit, latency, when } = detailed;
  const asked = [kind, status, error, rateLimit].filter((each) => each !== undefined);
  if (asked.length > 1) return "give only one of kind, status, error and rateLimit";
  if (asked.length === 0 && latency === undefined)
    return `give a kind (${faultKinds.join(", ")}), a status, an error, a rateLimit or a latency`;
  if (when === "before" && kind !== undefined && isDamage(kind))
    return `${kind} needs a reply to damage, so it is always "after"`;
  if (when === "after" && kind === undefined && asked.length > 0)
    return 'status, error and rateLimit replace the handler\'s answer, so "when" is always "before"';
  if (typeof latency === "object" && latency.min > latency.max) return "latency: min is more than max";
  for (const [detail, owner] of Object.entries(DETAILS)) {
    const isGiven = Object.entries(detailed).some(([name, value]) => name === detail && value !== undefined);
    if (isGiven && (owner === "status" ? status === undefined : kind !== owner))
      return `${detail} is only allowed with ${owner}`;
  }
  return undefined;
}
