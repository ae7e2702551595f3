/** Lists the published responses of sync's recorded costs, of its account and of its feedback. */
import type { Answer, PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import type { Rule, Shape } from "./shape.ts";
import {
  anyOf,
  array,
  integerFrom,
  isoMillis,
  literal,
  matching,
  nullable,
  object,
  oneOf,
  someText,
  text,
  url,
  uuid,
} from "./shape.ts";
import { badRequest, keyed, refusal } from "./sync-errors.ts";

const route = describeRoutes("sync");

const usd = matching(/^\d+(?:\.\d+)?$/, "a decimal amount without an exponent");
const none = literal(null);

/** The three kinds of parts are documented; the keys of a part could not be read. */
const part = object({
  component: oneOf("lipsync", "dubbing", "speech_synthesis"),
  availability: oneOf("complete", "pending", "unavailable"),
  costUsd: nullable(usd),
});

const sumRule: Rule = {
  says: "knownSubtotalUsd to be the sum of the known parts, and totalCostUsd to be equal or null",
  holds: ({ components, knownSubtotalUsd, totalCostUsd }) => {
    const amounts = (components as readonly { readonly costUsd: string | null }[]).map(({ costUsd }) => costUsd);
    const sum = amounts.reduce((total, amount) => total + Number(amount ?? 0), 0);
    const isSum = Math.abs(sum - Number(knownSubtotalUsd)) < 1e-9;
    return isSum && (totalCostUsd === null) === amounts.includes(null);
  },
};

const costFields = (availability: string, total: Shape, retryAfter: Shape) => ({
  generationId: uuid,
  generationStatus: oneOf("PENDING", "PROCESSING", "COMPLETED", "FAILED", "REJECTED"),
  currency: literal("USD"),
  availability: literal(availability),
  totalCostUsd: total,
  knownSubtotalUsd: usd,
  retryAfterSeconds: retryAfter,
  components: array(part, { min: 1 }),
  excludedCosts: array(someText, { min: 1 }),
});

const costs = {
  pending: costFields("pending", none, integerFrom(1)),
  complete: costFields("complete", usd, none),
  partial: costFields("partial", none, none),
} as const;

const usageItem = anyOf(
  ...(([costs.complete, costs.partial] as const).map((fields) =>
    object(
      {
        ...fields,
        createdAt: isoMillis,
        finishedAt: isoMillis,
        model: someText,
        apiKey: object({ id: uuid, name: someText }),
      },
      { rules: [sumRule] },
    ),
  ) as [Shape, Shape]),
);

const used = object({ used: integerFrom(0), max: integerFrom(1) });

const account = object({
  account: nullable(object({ id: uuid, email: nullable(someText), name: nullable(text) })),
  organization: object({ id: uuid, name: nullable(text), role: someText }),
  credentialType: oneOf("api_key", "oauth", "session"),
  plan: someText,
  limits: object({ concurrentGenerations: integerFrom(1), voiceClones: nullable(integerFrom(0)) }),
  balance: object({
    credits: none,
    freeMonthlyLimits: nullable(object({ generations: used, textToSpeech: used, monthlyResetDate: isoMillis })),
  }),
  billingModel: oneOf("credits", "usage", "free", "enterprise"),
  billingUrl: url,
});

export const syncAccountResponses: readonly PublishedResponse[] = [
  ...route("getGenerationCosts", "GET /v2/generate/{id}/costs", [
    ...Object.entries(costs).map(([state, fields]): Answer => ({
      status: 200,
      state,
      body: object(fields, { rules: [sumRule] }),
      source: "doc",
      note: "the keys of a part are inferred",
    })),
    { ...refusal(400, "invalid_generation_id", "inferred"), vintage: "2026-11" },
    refusal(404, "generation_not_found"),
    ...keyed,
  ]),
  ...route("listGenerationCosts", "GET /v2/usage/generations", [
    {
      status: 200,
      body: object({ items: array(usageItem), nextCursor: nullable(someText) }),
      source: "doc",
      note: "nextCursor is null at the end; the keys of apiKey are inferred",
    },
    badRequest(),
    ...keyed,
  ]),
  ...route("getAccount", "GET /v2/account", [
    {
      status: 200,
      body: account,
      source: "inferred",
      note: "the keys of the first level are documented; those of limits and balance could not be read",
    },
    ...keyed,
  ]),
  ...route("submitFeedback", "POST /v2/feedback", [
    { status: 201, body: object({ id: uuid }), source: "inferred", note: "a receipt id; the status is not visible" },
    badRequest(),
    ...keyed,
  ]),
];
