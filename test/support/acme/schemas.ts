/** Defines the schemas of Acme's request bodies and answers. */
import { z } from "zod";

export const jobBody = z.looseObject({
  prompt: z.string().min(1),
  model: z.string().default("pen"),
  /** The number of pictures. */
  count: z.int().min(1).max(4).default(1),
  ratio: z.enum(["1:1", "16:9"]).default("1:1"),
  /** URLs of input pictures. */
  references: z.array(z.url()).optional(),
  /** A receiver of the job's webhook, in addition to the account's endpoints. */
  webhook: z.url().optional(),
});

export type JobBody = z.output<typeof jobBody>;

export const batchBody = z.strictObject({ jobs: z.array(jobBody).min(1) });

export const job = z.strictObject({
  id: z.uuid(),
  state: z.enum(["waiting", "drawing", "done", "broken"]),
  model: z.string(),
  createdAt: z.iso.datetime(),
  /** Absent until the job ends, as are the fields after it. */
  tookMs: z.int().optional(),
  cost: z.number().optional(),
  urls: z.array(z.url()).optional(),
  code: z.string().nullable().optional(),
  message: z.string().optional(),
});

export type Job = z.output<typeof job>;

export const batch = z.strictObject({ jobs: z.array(job) });

export const credits = z.strictObject({ plan: z.string(), credits: z.int() });

export const slotBody = z.strictObject({ contentType: z.string() });

export const slot = z.strictObject({ uploadUrl: z.url(), url: z.url() });

export const health = z.strictObject({ state: z.literal("well") });

const errorBody = z.looseObject({ code: z.string(), message: z.string(), request: z.uuid() });

export const failures = { "4xx": errorBody, "5xx": errorBody };
