/** Defines the request and response bodies of the cost estimates and of the recorded costs. */
import { z } from "zod";
import { uuidJobId } from "../../job-id.ts";
import { queryInteger } from "../../../http/parsing/query-codecs.ts";
import { isoTime, queryInstant, uuid } from "../schemas.ts";

export const estimate = z.strictObject({
  estimatedFrameCount: z.int(),
  estimatedGenerationCost: z.number().meta({ description: "US dollars" }),
});

export const estimateWithCredits = estimate.extend({
  estimatedCredits: z.number().nullable().meta({ description: "Null for an organisation that is billed in dollars" }),
});

const part = estimateWithCredits.omit({ estimatedFrameCount: true });

/** [client: the tool server's tests] */
export const estimateWithBreakdown = estimateWithCredits.extend({
  breakdown: z
    .strictObject({
      lipsync: part,
      dubbing: z.strictObject({
        billing: z.literal("external"),
        estimatedGenerationCost: z.null(),
        estimatedCredits: z.null(),
      }),
      excludesExternalCharges: z.literal(true),
    })
    .optional()
    .meta({ description: "Only for the workflow translate-and-dub" }),
});

export const estimateBody = z.looseObject({
  model: z.string("must be a string").min(1, "should not be empty"),
  duration: z.number("must be a number").positive("must be a positive number").meta({ description: "Seconds" }),
  fps: z.number("must be a number").positive("must be a positive number").nullish(),
  reasoningEnabled: z.boolean("must be a boolean value").nullish(),
  workflow: z
    .enum(["lipsync", "translate-and-dub"], "must be one of the following values: lipsync, translate-and-dub")
    .nullish(),
});

const decimalText = z.string().regex(/^\d+(?:\.\d+)?$/);

/** The parts of a cost are documented; the keys of a part are [inferred]. */
const component = z.strictObject({
  component: z.enum(["lipsync", "dubbing", "speech_synthesis"]),
  availability: z.enum(["complete", "pending", "unavailable"]),
  costUsd: decimalText.nullable(),
});

/** [doc: generate-api/get-costs] */
export const generationCosts = z.strictObject({
  generationId: uuidJobId,
  generationStatus: z.string(),
  currency: z.literal("USD"),
  availability: z.enum(["complete", "pending", "partial", "unavailable"]),
  totalCostUsd: decimalText.nullable().meta({ description: "Null while a part is pending or unavailable" }),
  knownSubtotalUsd: decimalText.meta({ description: "Sum of the known parts" }),
  retryAfterSeconds: z.int().nullable().meta({ description: "When to read again" }),
  components: z.array(component),
  excludedCosts: z.array(z.string()).meta({ description: "Costs that the answer does not contain" }),
});

export type GenerationCosts = z.output<typeof generationCosts>;

/** [doc: generate-api/list-costs]; the keys of apiKey are [inferred]. */
const usageItem = generationCosts.extend({
  createdAt: isoTime,
  finishedAt: isoTime,
  model: z.string(),
  apiKey: z.strictObject({ id: uuid, name: z.string() }),
});

export type UsageItem = z.output<typeof usageItem>;

export const usageList = z.strictObject({ items: z.array(usageItem), nextCursor: z.string().nullable() });

export const usageQuery = z
  .object({
    startTime: queryInstant.meta({ description: "Start of the range, inclusive" }),
    endTime: queryInstant.meta({ description: "End of the range, exclusive" }),
    limit: queryInteger({ min: 1, max: 500 }).optional().meta({ description: "100 by default" }),
    cursor: z.string().optional().meta({ description: "nextCursor of the previous page of the same range" }),
  })
  .refine(({ startTime, endTime }) => Date.parse(startTime) < Date.parse(endTime), {
    path: ["endTime"],
    error: "must be after startTime",
  });
