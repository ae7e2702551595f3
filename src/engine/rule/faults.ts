/**
 * Defines faults: defects of an exchange itself, named as in WireMock and Toxiproxy, and edits of an answer. `http/`
 * carries them out.
 *
 * A `before` fault answers in place of the handler, so nothing is stored or charged. An `after` fault lets the handler
 * run and then loses or damages its reply, so the client does not know what happened.
 */
import { z } from "zod";
import { duration } from "../base/time-codecs.ts";
import { answerEdit, type AnswerEdit } from "./answer-edit.ts";

/** Faults of the connection, which leave no usable response. */
const BREAKS = ["CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "NEVER_ANSWER"] as const;

/** Faults that damage a reply on its way; they need a reply, so they are always `after`. */
const DAMAGES = ["MALFORMED_RESPONSE_CHUNK", "TRUNCATED_BODY", "WRONG_CONTENT_LENGTH", "SLOW_BODY"] as const;

/** Faults after which the client has a whole answer: the connection closes behind it, or a range is ignored. */
const WHOLE = ["CLOSE_AFTER_ANSWER", "IGNORE_RANGE"] as const;

const faultKinds = [...BREAKS, ...DAMAGES, ...WHOLE] as const;

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
          retryAfterForm: z
            .enum(["seconds", "date"])
            .optional()
            .meta({ description: "Form of Retry-After: a number, or a date, which is up to a second later" }),
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
    edit: answerEdit.optional().meta({ description: "Edit the answer" }),
    redirect: z
      .strictObject({
        status: z.literal([301, 302, 303, 307, 308]).default(302),
        to: z.string().min(1).meta({
          description:
            "`self`: the same URL with a further query parameter; `other-host`: the same file under another name of the server (localhost or 127.0.0.1); or a URL",
        }),
      })
      .optional()
      .meta({ description: "Answer with a redirect" }),
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
      readonly retryAfterForm: "seconds" | "date";
      readonly limit?: number;
      readonly perMs: number;
    }
  | { readonly name: (typeof BREAKS)[number] }
  | { readonly name: "MALFORMED_RESPONSE_CHUNK" }
  | { readonly name: "TRUNCATED_BODY"; readonly bytes?: number }
  | { readonly name: "WRONG_CONTENT_LENGTH"; readonly by: number }
  | { readonly name: "SLOW_BODY"; readonly duringMs: number }
  | { readonly name: (typeof WHOLE)[number] }
  | { readonly name: "EDIT"; readonly edit: AnswerEdit }
  | { readonly name: "REDIRECT"; readonly status: number; readonly to: string };

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
    when: detailed.when ?? (needsReply(effect.name) ? "after" : "before"),
    effect,
    ...(latency !== undefined && { latency: typeof latency === "number" ? { min: latency, max: latency } : latency }),
  };
}

/**
 * Returns whether a fault can apply to a HEAD request. HEAD is never held, and its reply has no body to damage; a
 * latency before another effect is left out.
 */
export function suitsHead({ effect: { name } }: Fault): boolean {
  return name !== "LATENCY" && name !== "NEVER_ANSWER" && name !== "EDIT" && !isDamage(name);
}

/** Returns a short text such as `STATUS 503 (before)`, `TRUNCATED_BODY (after)` or `LATENCY (before)`. */
export function describeFault({ effect, when, latency }: Fault): string {
  const detail = detailOf(effect);
  const delayed = latency !== undefined && effect.name !== "LATENCY" ? " after LATENCY" : "";
  return `${effect.name}${detail}${delayed} (${when})`;
}

function detailOf(effect: FaultEffect): string {
  switch (effect.name) {
    case "STATUS":
    case "REDIRECT":
      return ` ${effect.status}`;
    case "ERROR":
      return ` ${effect.code}`;
    case "EDIT":
      return ` ${Object.keys(effect.edit).join(", ")}`;
    default:
      return "";
  }
}

/** Ends the description of an edit that changed nothing in an answer. */
export const WITHOUT_EFFECT = "without effect";

/**
 * Returns whether a client that met the described fault could not read the vendor's answer, or read another state of
 * the job in it.
 */
export function hidesAnswer(described: string): boolean {
  const [name = "", details = ""] = described.split(/ (.*)/);
  if (name === "EDIT") return /\bmap\b/.test(details) && !details.endsWith(WITHOUT_EFFECT);
  return !["LATENCY", "SLOW_BODY", "CLOSE_AFTER_ANSWER", "IGNORE_RANGE"].includes(name);
}

function effectOf(detailed: DetailedFault): FaultEffect {
  const { kind, status, error, rateLimit, edit, redirect, body, headers, bytes, by, during } = detailed;
  if (edit !== undefined) return { name: "EDIT", edit };
  if (redirect !== undefined) return { name: "REDIRECT", ...redirect };
  if (status !== undefined)
    return { name: "STATUS", status, ...(body !== undefined && { body }), ...(headers !== undefined && { headers }) };
  if (error !== undefined) return { name: "ERROR", code: error };
  if (rateLimit !== undefined) {
    const { retryAfterSeconds, retryAfterForm = "seconds", limit, per } = rateLimit === true ? {} : rateLimit;
    return {
      name: "RATE_LIMIT",
      perMs: per ?? DEFAULT_RATE_PERIOD_MS,
      retryAfterForm,
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
    case "CLOSE_AFTER_ANSWER":
    case "IGNORE_RANGE":
      return { name: kind };
  }
}

/** Returns whether a fault needs a reply, so that it is always `after`. */
function needsReply(name: FaultEffect["name"]): boolean {
  return isDamage(name) || name === "CLOSE_AFTER_ANSWER" || name === "EDIT";
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
  const { kind, status, error, rateLimit, edit, redirect, latency, when } = detailed;
  const asked = [kind, status, error, rateLimit, edit, redirect].filter((each) => each !== undefined);
  if (asked.length > 1) return "give only one of kind, status, error, rateLimit, edit and redirect";
  if (asked.length === 0 && latency === undefined)
    return `give a kind (${faultKinds.join(", ")}), a status, an error, a rateLimit, an edit, a redirect or a latency`;
  if (when === "before" && kind !== undefined && needsReply(kind))
    return `${kind} needs a reply, so it is always "after"`;
  if (when === "before" && edit !== undefined) return 'edit needs a reply, so it is always "after"';
  if (when === "after" && (kind === "IGNORE_RANGE" || redirect !== undefined))
    return `${kind ?? "redirect"} concerns what is sent, so "when" is always "before"`;
  if (typeof latency === "object" && latency.min > latency.max) return "latency: min is more than max";
  for (const [detail, owner] of Object.entries(DETAILS)) {
    const isGiven = Object.entries(detailed).some(([name, value]) => name === detail && value !== undefined);
    if (isGiven && (owner === "status" ? status === undefined : kind !== owner))
      return `${detail} is only allowed with ${owner}`;
  }
  return undefined;
}
