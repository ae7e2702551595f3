/** Defines the request and response bodies of the speech routes [doc: tts-api, async-text-to-speech]. */
import { z } from "zod";
import { isoTime, uuid } from "../schemas.ts";
import { provider } from "../voices/schemas.ts";

const text = z.string("must be a string");
const fraction = z
  .number("must be a number")
  .min(0, "must not be less than 0")
  .max(1, "must not be greater than 1")
  .nullish();

export const speechBody = z.looseObject({
  script: text.min(1, "should not be empty").max(5000, "must be shorter than or equal to 5000 characters"),
  voiceId: text.min(1, "should not be empty"),
  // The newest page requires it and the older page does not have it, so it is optional here.
  provider: provider.nullish(),
  stability: fraction,
  similarityBoost: fraction,
});

export type SpeechBody = z.output<typeof speechBody>;

export const speech = z.strictObject({
  id: uuid,
  url: z.url(),
  duration: z.number().meta({ description: "Seconds" }),
});

export const speechJob = z.strictObject({
  id: uuid,
  status: z.enum(["PENDING", "PROCESSING", "SUCCESS", "FAILED"]),
  url: z.url().nullable(),
  duration: z.number().nullable().meta({ description: "Seconds" }),
  error: z.string().nullable(),
  createdAt: isoTime,
  startedAt: isoTime.nullable(),
  finishedAt: isoTime.nullable(),
});

export type SpeechJobView = z.output<typeof speechJob>;
