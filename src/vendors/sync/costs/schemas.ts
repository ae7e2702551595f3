/** Defines the request and response bodies of the cost estimates. */
import { z } from "zod";

export const estimate = z.strictObject({
  estimatedFrameCount: z.int(),
  estimatedGenerationCost: z.number().meta({ description: "US dollars" }),
});

export const estimateWithCredits = estimate.extend({
  estimatedCredits: z.number().nullable().meta({ description: "Null for an organisation that is billed in dollars" }),
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
