/** Defines what users write as a rule, and where rules come from. */
import { z } from "zod";
import { fault } from "./faults.ts";
import { parseScenarioText } from "./marker.ts";
import { requestMatch } from "./request-match.ts";

export const ruleDocument = z
  .strictObject({
    when: requestMatch.default({}),
    scenario: z
      .string()
      .refine((text) => parseScenarioText(text) !== undefined, "write a scenario name, or name=CODE")
      .optional(),
    fault: fault.optional(),
    times: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "Maximum number of times that the rule applies; no limit by default" }),
    after: z.int().min(0).optional().meta({ description: "Number of first matches to which the rule does not apply" }),
    probability: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .meta({ description: "Share of matches to which the rule applies, drawn by the sandbox's seed" }),
    priority: z.number().optional().meta({
      description: "Rules with a higher priority are tried first, and newer rules first among equals; 0 by default",
    }),
  })
  .refine(({ scenario, fault: asked }) => (scenario === undefined) !== (asked === undefined), {
    message: "give either a scenario or a fault",
  });

export type RuleDocument = z.output<typeof ruleDocument>;

/** Where a rule comes from: a test, the sandbox's document, a scenario for one generation, or the user's folder. */
export const ruleOrigins = ["control", "document", "scenario", "fixtures"] as const;

export type RuleOrigin = (typeof ruleOrigins)[number];

/** The origins whose rules are a list, of which no rule is stored by itself. */
export type ListOrigin = Extract<RuleOrigin, "document" | "fixtures">;
