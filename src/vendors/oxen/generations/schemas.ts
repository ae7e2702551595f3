/** Defines oxen's schemas of a generation, its row and its filters, in the documentation's field order. */
import { z } from "zod";
import { uuidJobId } from "../../job-id.ts";
import { unixSeconds } from "../schemas.ts";

export const generationStatus = z.enum(["queued", "processing", "succeeded", "failed", "cancelled"]);
const mediaType = z.enum(["image", "video"]);

/** Defines a parameter that the model checks and the route does not [doc]. */
export const passedOn = (description: string, documented: Readonly<Record<string, unknown>>) =>
  z
    .unknown()
    .optional()
    .meta({ nullable: true, ...documented, description });

/** Fields of a create that say where its results go. */
export const target = {
  target_namespace: z
    .string()
    .nullish()
    .meta({ description: "Namespace that keeps the results and pays: the caller, or an organization of the caller" }),
  target_repo: z.string().nullish().meta({ description: "Repository for the results" }),
  target_directory: z.string().nullish().meta({ description: "Directory in the repository" }),
} as const;

const rowFields = {
  generation_id: uuidJobId,
  model_name: z.string(),
  media_type: mediaType,
  status: generationStatus,
  enqueued_at: unixSeconds,
  started_at: unixSeconds.nullable(),
  completed_at: unixSeconds.nullable(),
  result_url: z.url().nullable(),
  error_message: z.string().nullable(),
  target_namespace: z.string().nullable(),
  target_repo: z.string().nullable(),
  target_directory: z.string().nullable(),
} as const;

/** A generation with the parameters of its request merged in. */
export const row = z.looseObject(rowFields).meta({
  description: "A generation; the parameters of its request follow the fields listed here",
});

/** An amount, in US dollars. */
export const dollars = z
  .string()
  .regex(/^\d+(?:\.\d+)?$/)
  .nullable()
  .meta({ description: "US dollars" });

/** A row of the history, which adds the price and the requesting user. */
export const historyRow = z.looseObject({
  ...rowFields,
  cost: dollars,
  user_id: z.uuid().nullable(),
  username: z.string().nullable(),
  user_image: z.string().nullable(),
});

export type Row = z.output<typeof row>;
export type HistoryRow = z.output<typeof historyRow>;

/** The six filters of the lists [seed]. */
export const filters = z.object({
  namespace: z.string().optional().meta({ description: "Default: the caller" }),
  model: z.string().optional(),
  media_type: mediaType.optional(),
  status: generationStatus.optional(),
  repo: z.string().optional().meta({ description: "Target repository" }),
  folder: z.string().optional().meta({ description: "Target directory" }),
});

export type Filters = z.output<typeof filters>;

export const generationParams = z.object({ generation_id: z.string() });
