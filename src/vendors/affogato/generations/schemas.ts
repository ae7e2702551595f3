/** Defines affogato's response schemas for generations, in the documentation's field order. */
import { z } from "zod";
import { pageOf, successOf } from "../envelope.ts";
import { pageQuery } from "../schemas.ts";

const dim = z.strictObject({ height: z.int(), width: z.int() });
const mediaType = z.enum(["image", "video"]);

const createdMedia = z.strictObject({
  id: z.string(),
  dim,
  model: z.string().optional(),
  status: z.literal("initiated"),
  style: z.string().optional(),
  style_detail: z.strictObject({ name: z.string(), base_model: z.string() }).optional(),
  type: mediaType,
});

export type CreatedMedia = z.output<typeof createdMedia>;

export const createdGeneration = successOf(
  z.strictObject({
    credits_remaining: z.number(),
    generation_id: z.string(),
    result: z.literal("initiated"),
    media: z.array(createdMedia),
    images: z.array(createdMedia).optional(),
  }),
);

export const estimate = z.strictObject({
  data: z.strictObject({ estimated: z.number(), balance: z.number() }),
  error: z.strictObject({}),
});

const facts = { id: z.string(), dim, type: mediaType } as const;

/** `url` is absent, a URL or empty, depending on the status [doc]. */
const mediaItem = z.discriminatedUnion("status", [
  z.strictObject({ ...facts, status: z.literal("pending") }),
  z.strictObject({ ...facts, status: z.literal("success"), url: z.url() }),
  z.strictObject({ ...facts, status: z.literal("failed"), url: z.literal("") }),
]);

export type MediaItem = z.output<typeof mediaItem>;

const generationData = z.strictObject({
  created_at: z.int().meta({ description: "Seconds since the Unix epoch" }),
  generation_id: z.string(),
  result: z.enum(["pending", "completed", "failed"]).optional(),
  media: z.array(mediaItem),
});

export type GenerationData = z.output<typeof generationData>;

export const generation = pageOf(generationData);
export const generationList = pageOf(z.array(generationData));
export const media = successOf(mediaItem);

const imageStatus = z.strictObject({
  image_id: z.string(),
  status: z.enum(["success", "failed", "censored", "pending"]),
});

export type ImageStatus = z.output<typeof imageStatus>;

export const generationStatus = successOf(z.array(imageStatus));
export const singleImageStatus = successOf(imageStatus.partial({ status: true }));
export const deleted = successOf(z.strictObject({ id: z.string() }));

export const listQuery = pageQuery.extend({
  status: z.enum(["success", "failed"]).optional(),
  media_id: z.string().optional(),
  generation_id: z.string().optional(),
});
