/** Oxen's request and response schemas, in the documentation's field order. */
import { z } from "zod";
import { queryInteger } from "../../http/parsing/query-codecs.ts";
import { model } from "./catalogue.ts";

const unixSeconds = z.int().nonnegative().meta({ description: "Unix timestamp" });
export const generationStatus = z.enum(["queued", "processing", "succeeded", "failed", "cancelled"]);
const mediaType = z.enum(["image", "video"]);

/** A parameter that the model checks and the route does not [doc], described as the documentation has it. */
const passedOn = (description: string, documented: { readonly type: string }) =>
  z
    .unknown()
    .optional()
    .meta({ ...documented, nullable: true, description });

const target = {
  target_namespace: z
    .string()
    .nullish()
    .meta({ description: "Who keeps the results and pays: the caller, or an organization of the caller's" }),
  target_repo: z.string().nullish().meta({ description: "Repository that the results go to" }),
  target_directory: z.string().nullish().meta({ description: "Directory in the repository" }),
} as const;

/** Body of POST /api/ai/queue [doc: QueueCreateRequest]; whatever else it has is passed on to the model. */
export const enqueueBody = z.looseObject({
  model: z.string().min(1),
  // Required by the spec and not by the prose; upscalers and multi_prompt go without it.
  prompt: z.string().nullish(),
  // The bounds depend on the vintage, and the message is documented.
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

const responseFormat = z.enum(["url", "b64_json"]).nullish().meta({ description: "A URL, or the file itself" });

const synchronousBody = z.looseObject({
  model: z.string().min(1),
  prompt: z.string().nullish(),
  response_format: responseFormat,
  ...target,
});

/** Body of POST /api/ai/images/generate and of images/edit [doc: ImageGenerateRequest, ImageEditRequest]. */
export const imageBody = synchronousBody.extend({
  n: z.unknown().optional().meta({ type: "integer", default: 1, minimum: 1, description: "How many images" }),
});

/** Body of POST /api/ai/videos/generate [doc: VideoGenerateRequest]. */
export const videoBody = synchronousBody;

/** Body of POST /api/ai/audio/generate [doc: AudioGenerateRequest]. */
export const audioBody = synchronousBody;

export type SynchronousBody = z.output<typeof synchronousBody>;

export const enqueued = z.strictObject({
  generations: z.array(z.strictObject({ generation_id: z.uuid(), status: z.literal("queued") })).min(1),
});

const medium = z.union([z.strictObject({ url: z.url() }), z.strictObject({ b64_json: z.string() })]);
const media = z.array(medium).min(1);

export const imageResponse = z.strictObject({ model: z.string(), created: unixSeconds, images: media });
export const videoResponse = z.strictObject({ model: z.string(), created: unixSeconds, videos: media });
export const audioResponse = z.strictObject({ audios: media, created: unixSeconds, model: z.string() });

const rowFields = {
  generation_id: z.uuid(),
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
  description: "A generation; the parameters of the request that made it stand beside the fields listed here",
});

const dollars = z
  .string()
  .regex(/^\d+(?:\.\d+)?$/)
  .nullable()
  .meta({ description: "US dollars" });

export const historyRow = z.looseObject({
  ...rowFields,
  cost: dollars,
  user_id: z.uuid().nullable(),
  username: z.string().nullable(),
  user_image: z.string().nullable(),
});

export type Row = z.output<typeof row>;
export type HistoryRow = z.output<typeof historyRow>;

export const queueList = z.strictObject({ count: z.int(), generations: z.array(row) });

export const cancelled = z.strictObject({ status: z.literal("success"), generation_id: z.uuid() });

export const modelList = z.strictObject({ object: z.literal("list"), data: z.array(model) });
export const modelParams = z.object({ id: z.string() });
export const modelsQuery = z.object({
  developer_name: z.string().optional(),
  provider_name: z.string().optional(),
  action: z.string().optional().meta({ description: "A fine-tuning action that the model takes" }),
});
export const searchQuery = z.object({ search: z.string() });
export const modelQuery = z.object({
  // Every model of the catalogue is live, so it narrows nothing.
  deployment_status: z.literal("live").optional(),
});

/** No answer of these could be read; theirs is the repositories' manner [inferred]. */
export const favored = z.strictObject({ status: z.literal("success"), status_message: z.literal("resource_created") });
export const unfavored = z.strictObject({
  status: z.literal("success"),
  status_message: z.literal("resource_deleted"),
});

/** What the repositories' host says of a deletion [inferred from its other answers]. */
export const deleted = z.strictObject({ status: z.literal("success"), status_message: z.literal("resource_deleted") });

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

/** The same with pages [doc], and the user of 0.257.7 [doc]. */
export const historyQuery = filters.extend({
  user_id: z.string().optional(),
  page: queryInteger({ min: 1 }).default(1),
  page_size: queryInteger({ min: 1, max: 1000 }).default(50),
});

/** Lists of values do not take the other filters [doc]. */
export const filterValuesQuery = z.object({
  namespace: z.string().optional().meta({ description: "Default: the caller" }),
  user_id: z.string().optional(),
  columns: z
    .string()
    .optional()
    .meta({ description: "Which of repo, folder, model, media_type, status, user_id, with commas; all without it" }),
});

const values = z.array(z.string()).optional();

export const filterValues = z.strictObject({
  repo: values,
  folder: values,
  model: values,
  media_type: values,
  status: values,
  user_id: values,
});

export const historyPage = z.strictObject({
  count: z.int(),
  generations: z.array(historyRow),
  page_number: z.int(),
  page_size: z.int(),
  total_pages: z.int(),
  total_entries: z.int(),
  total_cost: dollars,
});

export const historyDetail = z.strictObject({
  status: z.literal("success"),
  status_message: z.literal("resource_found"),
  generation: historyRow,
});

export const generationParams = z.object({ generation_id: z.string() });

/** All three shapes; see errors.ts. */
const errorBody = z.strictObject({
  error: z.union([
    z.strictObject({ type: z.string(), title: z.string(), detail: z.string().optional() }),
    z.strictObject({ message: z.string() }),
    z.strictObject({ detail: z.string() }),
  ]),
  status: z.union([z.literal("error"), z.int()]).optional(),
  status_message: z.string().optional(),
});

export const failures = { "4xx": errorBody, "5xx": errorBody } as const;
