/** Defines how control shows webhooks: deliveries with their attempts, and endpoints. */
import { z } from "zod";
import { deliveryStatuses, type Attempt, type Delivery } from "../../engine/delivery/delivery.ts";
import type { WebhookEndpoint } from "../../delivery/endpoints.ts";
import type { RenderedAttempt } from "../../delivery/rendering.ts";
import { withoutSecrets, withoutUrlSecrets } from "../../wording/shown-urls.ts";
import { showInstant, shownInstant } from "../instants.ts";

const headerList = z
  .array(z.tuple([z.string(), z.string()]))
  .meta({ description: "Names and values, in the order and case of the sent request" });

const shownAttempt = z.strictObject({
  number: z.int(),
  at: shownInstant,
  endedAt: shownInstant.meta({ description: "Time of the answer or of the timeout" }),
  tookMs: z.number().meta({ description: "Duration in real milliseconds" }),
  ending: z.enum(["answered", "timed-out", "unreachable", "refused"]).meta({
    description: "`refused`: the emulator does not call this address",
  }),
  status: z.int().nullable().meta({ description: "The receiver's HTTP status" }),
  headers: headerList,
  response: z
    .strictObject({
      headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
      body: z.string(),
      isCut: z.boolean().meta({ description: "Whether only the beginning of the body is kept" }),
    })
    .nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

export const deliverySummary = z.strictObject({
  id: z.string(),
  vendor: z.string(),
  account: z.string(),
  subject: z.string().meta({ description: "Id of the generation or batch that the webhook is about" }),
  label: z.string().nullable(),
  event: z.string(),
  url: z.string(),
  status: z.enum(deliveryStatuses).meta({
    description:
      "`pending`: a further attempt follows; `delivered`: answered 2xx; `failed`: no further attempt; `collected`: kept and not sent; `lost`: not sent because of the scenario",
  }),
  createdAt: shownInstant,
  nextAttemptAt: shownInstant.nullable(),
  attempts: z.array(shownAttempt).meta({ description: "The attempts and the receiver's answers, first to last" }),
});

const shownAttemptInFull = shownAttempt.extend({
  expected: headerList.meta({
    description:
      "The vendor's own headers as a receiver must compute them; they differ from `headers` for a wrong signature",
  }),
});

export const shownDelivery = deliverySummary.extend({
  attempts: z.array(shownAttemptInFull).meta({ description: "The attempts and the receiver's answers, first to last" }),
  request: z
    .strictObject({ method: z.literal("POST"), headers: headerList, body: z.string() })
    .meta({ description: "Exact bytes and headers of the last attempt, or of the first attempt if none was made" }),
});

export const shownEndpoint = z.strictObject({
  id: z.string(),
  vendor: z.string(),
  account: z.string(),
  url: z.string(),
  secret: z.string(),
  isEnabled: z.boolean().meta({ description: "Whether the endpoint receives webhooks" }),
  createdAt: shownInstant,
});

export function summarizeDelivery(delivery: Delivery, attempts: readonly Attempt[]): z.output<typeof deliverySummary> {
  const { id, vendor, account, subject, label, event, url, status, createdAt, nextAt } = delivery;
  return {
    id,
    vendor,
    account,
    subject,
    label,
    event,
    url: withoutSecrets(url),
    status,
    createdAt: showInstant(createdAt),
    nextAttemptAt: nextAt === null ? null : showInstant(nextAt),
    attempts: attempts.map(showAttempt),
  };
}

/** Returns the document of a delivery; `rendered` is the request as it was or would be sent. */
export function showDelivery(
  delivery: Delivery,
  attempts: readonly Attempt[],
  { rendered, expected }: { readonly rendered: RenderedAttempt; readonly expected: (attempt: Attempt) => object },
): z.output<typeof shownDelivery> {
  const headers = (attempts[attempts.length - 1]?.headers ?? rendered.headers).map(pairOf);
  return {
    ...summarizeDelivery(delivery, attempts),
    attempts: attempts.map((attempt) => ({ ...showAttempt(attempt), expected: textsOf(expected(attempt)) })),
    request: { method: "POST", headers, body: rendered.body },
  };
}

export function showEndpoint(
  { id, url, secret, isEnabled, createdAt }: WebhookEndpoint,
  vendor: string,
  account: string,
): z.output<typeof shownEndpoint> {
  return { id, vendor, account, url: withoutSecrets(url), secret, isEnabled, createdAt: showInstant(createdAt) };
}

function showAttempt(attempt: Attempt): z.output<typeof shownAttempt> {
  const { number, at, endedAt, tookMs, ending, status, headers, response, error } = attempt;
  return {
    number,
    at: showInstant(at),
    endedAt: showInstant(endedAt),
    tookMs,
    ending,
    status: status ?? null,
    headers: headers.map(pairOf),
    response: response === undefined ? null : showResponse(response),
    error: error ?? null,
  };
}

function textsOf(headers: object): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [name, String(value)]);
}

const pairOf = ([name, value]: readonly [name: string, value: string]): [string, string] => [name, value];

/** Returns a receiver's answer; its `location`, for example, may contain a token. */
function showResponse({ headers, body, isCut }: NonNullable<Attempt["response"]>) {
  return { headers: definedOf(headers), body: withoutUrlSecrets(body), isCut };
}

function definedOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name, Array.isArray(value) ? value.map(withoutUrlSecrets) : withoutUrlSecrets(value)]],
    ),
  );
}
