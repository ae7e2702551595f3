/** Parses the cases of a file: what each sets up, why a vendor may behave so, and what a sound client then does. */
import { z } from "zod";
import { duration } from "../engine/base/time-codecs.ts";
import { expectation, operationGroup } from "./expectation-document.ts";

const idPart = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "use a-z, 0-9 and -");

export const families = [
  "lifecycle",
  "throttling",
  "money",
  "server",
  "transport",
  "evolution",
  "time",
  "webhooks",
  "pages",
] as const;

/** Any JSON; `{name}` in its texts stands for a variable of the vendor. */
const template = z.unknown();

const caseFault = z.strictObject({
  of: operationGroup,
  do: template.meta({ description: "The fault, as a rule has it" }),
  times: z.int().min(1).optional(),
  after: z.int().min(0).optional(),
  where: z
    .record(z.string(), template)
    .default({})
    .meta({ description: "What else the request must have, as in the match of a rule" }),
});

const caseScenario = z.strictObject({
  do: z.string().meta({ description: "The scenario of matching creates" }),
  times: z.int().min(1).optional(),
  body: template.optional().meta({ description: "What the create's body must contain" }),
});

const stepEvent = z
  .string()
  .regex(
    /^(?:(?:create|poll|list|events|download)\.[1-9]|delivery\.[1-9])$/,
    "write create.1, poll.1, list.1, events.1, download.1 or delivery.1",
  );

const caseStep = z.strictObject({
  on: stepEvent.meta({ description: "The request that was answered, or the delivery" }),
  orAfter: duration.optional().meta({ description: "Real time after the first create when the step happens anyway" }),
  delay: duration.default(0),
  do: z.union([
    z.enum(["finish", "cancel", "fail-first", "redeliver", "forge-success", "send-unknown-event"]),
    z.strictObject({
      make: z.strictObject({
        count: z.union([z.int().min(1), z.string()]),
        phase: z.enum(["queued", "processing", "succeeded"]).default("succeeded"),
        scenario: z.string().optional(),
      }),
    }),
  ]),
});

export type CaseStep = z.output<typeof caseStep>;

const needs = z.enum(["webhook", "deadline", "artifact", "batch"]);

export type Need = z.output<typeof needs>;

/** When the client came to the point of the case; a case whose point is not met is not judged. */
const casePoint = z.strictObject({
  made: z.int().min(1).optional().meta({ description: "So many jobs were made" }),
  fault: z.int().min(1).optional().meta({ description: "This fault was applied" }),
  times: z.int().min(1).optional().meta({ description: "And so often" }),
  scenario: z.int().min(1).optional().meta({ description: "This scenario rule was applied" }),
  over: z.literal(true).optional().meta({ description: "The client was told that its job had ended" }),
  step: z.int().min(1).optional().meta({ description: "This step was carried out" }),
  requests: z
    .strictObject({ of: operationGroup, count: z.int().min(1).default(1), status: z.string().optional() })
    .optional(),
  deliveries: z.int().min(1).optional().meta({ description: "So many deliveries were answered" }),
  lost: z.literal(true).optional().meta({ description: "A delivery was lost" }),
  held: z.literal(true).optional().meta({ description: "The first fault met a read that asks to be held" }),
});

const caseDocument = z.strictObject({
  id: idPart,
  vendors: z.array(z.string()).min(1).optional().meta({ description: "Vendors that can behave so; by default all" }),
  title: z.string().min(5).max(160).meta({ description: "What the server does, after the vendor's name" }),
  why: z.string().min(5).meta({ description: "Where it is documented that a vendor may do this" }),
  sandbox: z
    .record(z.string(), template)
    .default({})
    .meta({ description: "Settings of the sandbox, as in its document; `now` may be an offset such as +1h" }),
  account: z.string().optional().meta({ description: "Account of the client's key; `main` by default" }),
  scenarios: z.array(caseScenario).default([]),
  faults: z.array(caseFault).max(9).default([]),
  steps: z.array(caseStep).default([]),
  vars: z
    .record(z.string(), z.record(z.string(), template))
    .default({})
    .meta({ description: "Values by vendor, for `{name}` in texts" }),
  must: z.array(expectation).default([]),
  should: z.array(expectation).default([]).meta({ description: "What a good client does; otherwise it is tolerated" }),
  point: casePoint.default({}),
  never: z.string().optional().meta({ description: "Why a client may never come to the point" }),
  needs: z.array(needs).default([]),
  made: z
    .enum(["base", "base+1", "any"])
    .default("base")
    .meta({ description: "How many jobs the client may have made: as many as when all goes well, one more, or any" }),
  madeShould: z.array(z.string()).default([]).meta({
    description: "Vendors that offer no way to be safe, where further jobs are tolerated",
  }),
  stop: z
    .strictObject({ after: z.string(), by: duration })
    .optional()
    .meta({ description: "When the runner ends the client without a verdict of `hang`" }),
  calibrates: z.enum(["base", "pace", "hook"]).optional(),
});

/** A file of cases of one family. */
export const caseFile = z.strictObject({
  family: z.union([z.enum(families), idPart]),
  shared: z.record(z.string(), template).default({}).meta({ description: "Values for `{name}` in texts of all cases" }),
  cases: z.array(caseDocument).min(1),
});

export type CaseDocument = z.output<typeof caseDocument>;
