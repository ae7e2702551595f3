/** Parses scenarios as people write them, in YAML or JSON. */
import { z } from "zod";
import { duration } from "../base/time-codecs.ts";
import { fault } from "../rule/faults.ts";
import { requestMatch } from "../rule/request-match.ts";
import { progression } from "../model/progression.ts";
import { webhookFaults } from "../model/webhook-faults.ts";

const result = z.enum(["succeeded", "failed", "censored"]);

const scenarioFault = z.strictObject({
  operation: z
    .string()
    .optional()
    .meta({ description: "Operation of the requests about the generation; all operations by default" }),
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
    summary: z.string().max(200).optional().meta({ description: "Purpose of the scenario, in one line" }),
    extends: z.string().default("succeed").meta({ description: "The scenario that supplies the missing parts" }),
    phases: z
      .strictObject({ queued: duration.optional(), processing: duration.optional() })
      .optional()
      .meta({ description: "Duration of each unfinished phase" }),
    progression: progression.optional(),
    ends: z.enum(["succeeded", "failed", "rejected", "never"]).optional(),
    outputs: z
      .union([
        result,
        z.literal("partial"),
        z
          .array(
            z.strictObject({
              result,
              code: z.string().optional(),
              message: z.string().optional(),
              lead: duration.optional().meta({ description: "Time by which the output ends before the generation" }),
            }),
          )
          .min(1),
      ])
      .optional()
      .meta({
        description:
          "Results of the outputs: one for all, `partial` (the second half fails), or a list, whose last item also applies to further outputs",
      }),
    code: z.string().optional().meta({ description: "The vendor's failure code" }),
    message: z.string().optional().meta({ description: "Replaces the vendor's message for the failure" }),
    progress: z
      .array(z.number().min(0).max(100))
      .min(2)
      .max(100)
      .optional()
      .meta({ description: "Progress in percent at equal distances over the processing phase" }),
    cost: z.number().min(0).optional().meta({
      description:
        "Cost of a generation that succeeds, in the vendor's unit (credits, dollars); no effect if the vendor's responses show no cost",
    }),
    faults: z.array(scenarioFault).max(20).optional(),
    webhook: webhookFaults.optional(),
  })
  .meta({ description: "A named recipe for a generation's timeline and outputs" });

export type ScenarioDocument = z.output<typeof scenarioDocument>;
