/** Defines vivix's request and response schemas, in the documentation's field order. */
import { z } from "zod";
import { uuidJobId } from "../job-id.ts";
import { model } from "./catalogue.ts";

// Unknown query parameters and body fields are ignored [inferred].

/** Body of POST /api/v1/generate [doc: endpoints/generate]. A model's own `params` override these bounds. */
export const generateBody = z.looseObject({
  model: z.string().min(1),
  prompt: z.string().min(1).max(2000),
  negative_prompt: z.string().max(500).optional(),
  aspect_ratio: z.enum(["1:1", "4:5", "9:16", "16:9"]).optional(),
  resolution: z.enum(["1K", "2K", "4K", "720p", "1080p", "2160p"]).optional(),
  duration: z.int().positive().max(600).optional(),
  audio: z.boolean().optional(),
  reference_images: z.array(z.url()).max(3).optional(),
  seed: z.int().optional(),
  number_results: z.int().min(1).max(4).optional(),
});

export type GenerateBody = z.output<typeof generateBody>;

const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .meta({ description: "ISO 8601 UTC, whole seconds" });

export const createdGeneration = z.strictObject({
  generation_id: uuidJobId,
  status: z.literal("pending"),
  model: z.string(),
  credits_estimate: z.int(),
  created_at: time,
});

const runningGeneration = z.strictObject({
  generation_id: uuidJobId,
  status: z.enum(["pending", "processing"]),
  model: z.string(),
  credits_estimate: z.int(),
  elapsed_ms: z.int().min(0),
  created_at: time,
});

const completedGeneration = z.strictObject({
  generation_id: uuidJobId,
  status: z.literal("completed"),
  model: z.string(),
  output_url: z.url(),
  output_urls: z.array(z.url()).min(1),
  credits_used: z.int(),
  duration_ms: z.int().min(0),
  created_at: time,
  completed_at: time,
});

const failedGeneration = z.strictObject({
  generation_id: uuidJobId,
  status: z.literal("failed"),
  error: z.string(),
  message: z.string(),
  credits_used: z.literal(0),
  created_at: time,
  completed_at: time,
});

export type RunningGeneration = z.output<typeof runningGeneration>;
export type CompletedGeneration = z.output<typeof completedGeneration>;
export type FailedGeneration = z.output<typeof failedGeneration>;

export const generation = z.union([runningGeneration, completedGeneration, failedGeneration]);

const rateLimit = z.strictObject({ calls_per_minute: z.int(), concurrent_jobs: z.int() });

export const modelList = z.strictObject({
  tier: z.string(),
  credits_balance: z.int(),
  rate_limit: rateLimit,
  models: z.array(
    model.omit({ provider_model: true, example: true }).extend({ example_request: z.record(z.string(), z.unknown()) }),
  ),
});

export const credits = z.strictObject({
  balance: z.int(),
  tier: z.string(),
  cycle_resets_at: time,
  rate_limit: rateLimit,
  spent_this_cycle: z.int(),
  granted_this_cycle: z.int(),
});

export const errorBody = z.looseObject({
  error: z.string(),
  message: z.string(),
  next: z.string(),
  request_id: z.string(),
});
