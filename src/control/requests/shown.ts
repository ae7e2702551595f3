/** Defines how control shows a request of the journal: with keys redacted and JSON bodies parsed. */
import { z } from "zod";
import { hintOf } from "../../wording/key-hint.ts";
import { withoutUrlSecrets, withoutUrlSecretsIn } from "../../wording/shown-urls.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { showInstant, shownInstant } from "../instants.ts";

export const shownRequest = z.strictObject({
  id: z.int(),
  state: z.enum(["arrived", "held", "answered", "gone", "dropped"]).meta({
    description: "`gone`: the client disconnected; `dropped`: a fault closed the connection",
  }),
  sandbox: z.string(),
  method: z.string(),
  url: z.string(),
  path: z.string().meta({ description: "Routed path: decoded once, without the query and a trailing slash" }),
  query: z.record(z.string(), z.unknown()).meta({ description: "Query parameters as the vendor reads them" }),
  vendor: z.string().nullable(),
  operation: z.string().nullable(),
  account: z.string().nullable(),
  label: z.string().nullable(),
  status: z.int().nullable(),
  at: shownInstant,
  heldAt: shownInstant.nullable().meta({ description: "Time at which it was first held; null if it was never held" }),
  answeredAt: shownInstant.nullable(),
  real: z
    .strictObject({ at: z.iso.datetime(), answeredAt: z.iso.datetime().nullable(), tookMs: z.number().nullable() })
    .meta({ description: "The same times on the host's clock" }),
  scenario: z.string().nullable(),
  rules: z.array(z.string()).meta({ description: "Ids of the rules that were applied" }),
  fault: z.string().nullable(),
  generations: z.array(z.string()).meta({ description: "Generations that the request is about, or that it created" }),
  diagnostics: z.array(z.strictObject({ code: z.string(), text: z.string().nullable() })),
  request: z.strictObject({
    headers: z.record(z.string(), z.string()),
    body: z.unknown(),
    bytes: z.int(),
    kept: z.enum(["whole", "shortened", "no", "unread"]).meta({
      description:
        'Whether the body is kept; in a large body, a long string is shortened to {"$elided": {"start", "length", "sha256"}}',
    }),
  }),
  response: z.strictObject({
    body: z.unknown(),
    bytes: z.int(),
    retryAfter: z.string().nullable().meta({ description: "Value of its Retry-After header" }),
  }),
});

export type ShownRequest = z.output<typeof shownRequest>;

/** Names of headers that carry a vendor's key or the developer's own credentials. */
export type SecretHeaders = ReadonlySet<string>;

export function secretHeadersOf(vendors: readonly { readonly keyHeaders: readonly string[] }[]): SecretHeaders {
  return new Set([
    "authorization",
    "cookie",
    "proxy-authorization",
    ...vendors.flatMap(({ keyHeaders }) => keyHeaders),
  ]);
}

export function showRequest(sandbox: string, entry: JournalEntry, secrets: SecretHeaders): ShownRequest {
  const { answeredAt, heldAt, wallAt, wallAnsweredAt } = entry;
  return {
    id: entry.id,
    state: entry.state,
    sandbox,
    method: entry.method,
    url: entry.url,
    path: entry.path,
    query: { ...entry.query.read },
    vendor: entry.vendor ?? null,
    operation: entry.operation ?? null,
    account: entry.account ?? null,
    label: entry.label ?? null,
    status: entry.status ?? null,
    at: showInstant(entry.at),
    heldAt: heldAt === undefined ? null : showInstant(heldAt),
    answeredAt: answeredAt === undefined ? null : showInstant(answeredAt),
    real: {
      at: showInstant(wallAt),
      answeredAt: wallAnsweredAt === undefined ? null : showInstant(wallAnsweredAt),
      tookMs: wallAnsweredAt === undefined ? null : wallAnsweredAt - wallAt,
    },
    scenario: entry.scenario ?? null,
    rules: entry.rules ?? [],
    fault: entry.fault ?? null,
    generations: entry.generations ?? [],
    diagnostics: (entry.diagnostics ?? []).map(({ code, text }) => ({ code, text: text ?? null })),
    request: {
      headers: redactHeaders(entry.requestHeaders, secrets),
      body: withoutUrlSecretsIn(entry.requestBody ?? null),
      bytes: entry.requestBytes,
      kept: entry.requestBodyKept,
    },
    response: {
      body: withoutUrlSecretsIn(parsedBody(entry.responseBody)),
      bytes: entry.responseBytes,
      retryAfter: entry.retryAfter ?? null,
    },
  };
}

/** Returns the headers with secrets redacted. */
export function redactHeaders(headers: JournalEntry["requestHeaders"], secrets: SecretHeaders): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const text = Array.isArray(value) ? value.join(", ") : value;
    shown[name] = secrets.has(name) ? redact(text) : withoutUrlSecrets(text);
  }
  return shown;
}

/** Redacts a key to a recognisable hint; a self-describing key is not a secret and is shown in full. */
function redact(value: string): string {
  const [, scheme = "", key = ""] = /^(\S+ +)?(.*)$/.exec(value) ?? [];
  return `${scheme}${hintOf(key)}`;
}

function parsedBody(body: string | undefined): unknown {
  if (body === undefined) return null;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
