/** Parses scenarios as people write them, in YAML or JSON. */
import { z } from "zod";
import { duration } from "../base/time-codecs.ts";
import { fault } from "../rule/faults.ts";
import { requestMatch } from "../rule/request-match.ts";
import { progression } from "../model/progression.ts";
import { webhookFaults } from "../model/webhook-faults.ts";

const outcome = z.enum(["succeeded", "failed", "censored"]);

const scenarioFault = z.strictObject({
  operation: z.string().optional().meta({ description: "Which requests about the generation; all when absent" }),
  method: requestMatch.shape.method,
  fault,
  times: z.int().min(1).optional(),
  after: z.int().min(0).optional(),
  probability: z.number().gt(0).max(1).optional(),
});

/** A fault of requests about one generation, or of the answer that creates it. */
export type ScenarioFault = z.output<typeof scenarioFault>;

export const scenarioName = z
  .string()
  .regex(/^[a-z][a-z-]{0,59}$/, "a scenario's name has only a-z and -")
  .refine((name) => name !== "label", "label is what fauxgen:label=… is for");

export const scenarioDocument = z
  .strictObject({
    summary: z.string().max(200).optional().meta({ description: "One line on what it is for" }),
    extends: z
      .string()
      .default("succeed")
      .meta({ description: "The scenario whose parts are taken where this says nothing" }),
    phases: z
      .strictObject({ queued: duration.optional(), processing: duration.optional() })
      .optional()
      .meta({ description: "How long it stays in each unfinished phase" }),
    progression: progression.optional(),
    ends: z.enum(["succeeded", "failed", "rejected", "never"]).optional(),
    outputs: z
      .union([
        outcome,
        z.literal("partial"),
        z
          .array(
            z.strictObject({
              outcome,
              code: z.string().optional(),
              message: z.string().optional(),
              lead: duration.optional().meta({ description: "How long before the generation it ends" }),
            }),
          )
          .min(1),
      ])
      .optional()
      .meta({
        description:
          "What becomes of the outputs: all alike, the second half failing, or one by one, the last repeated",
      }),
    code: z.string().optional().meta({ description: "The vendor's failure code" }),
    message: z.string().optional().meta({ description: "Instead of the vendor's own words for the failure" }),
    progress: z
      .array(z.number().min(0).max(100))
      .min(2)
      .max(100)
      .optional()
      .meta({ description: "Percent done at equal distances over the processing phase" }),
    cost: z.number().min(0).optional().meta({
      description:
        "What it costs when it succeeds, in the vendor's unit (credits, dollars); without effect where no answer shows a cost",
    }),
    faults: z.array(scenarioFault).max(20).optional(),
    webhook: webhookFaults.optional(),
  })
  .meta({ description: "A named recipe for a timeline and its outcome" });

export type ScenarioDocument = z.output<typeof scenarioDocument>;
