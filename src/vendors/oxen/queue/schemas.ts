/** Defines the request and response bodies of the queue [doc: async_queue]. */
import { z } from "zod";
import { uuidJobId } from "../../job-id.ts";
import { passedOn, row, target } from "../generations/schemas.ts";

/** Body of POST /api/ai/queue [doc: QueueCreateRequest]; all other fields go to the model. */
export const enqueueBody = z.looseObject({
  model: z.string().min(1),
  // The spec requires it and the prose does not; upscalers and multi_prompt work without it.
  prompt: passedOn("What to make, in words", { type: "string", nullable: false }),
  // `requireCount` checks it: its bounds depend on the vintage, and its message is documented.
  num_generations: z
    .unknown()
    .optional()
    .meta({ type: "integer", default: 1, minimum: 1, maximum: 4, description: "Up to 12 in vintage 0.243" }),
  ...target,
  aspect_ratio: passedOn("Width to height, such as 16:9", { type: "string" }),
  duration: passedOn("Seconds", { type: "integer" }),
  seed: passedOn("Repeats a result with the same inputs", { type: "integer" }),
});

export type EnqueueBody = z.output<typeof enqueueBody>;

export const enqueued = z.strictObject({
  generations: z.array(z.strictObject({ generation_id: uuidJobId, status: z.literal("queued") })).min(1),
});

export const queueList = z.strictObject({ count: z.int(), generations: z.array(row) });

export const cancelled = z.strictObject({ status: z.literal("success"), generation_id: uuidJobId });
