/** Defines how long generations take: named profiles and explicit durations. */
import { z } from "zod";
import { duration } from "../base/time-codecs.ts";
import type { Medium } from "./generation.ts";

/** How long a generation stays in each unfinished phase, in milliseconds of the sandbox's clock. */
export interface PhaseDurations {
  readonly queued: number;
  readonly processing: number;
}

const PROFILES: Readonly<Record<"fast" | "instant" | "realistic", Readonly<Record<Medium, PhaseDurations>>>> = {
  // About 2 s. The first phase is long enough for the documented clients, which subscribe only after they enqueue.
  fast: everyMedium({ queued: 500, processing: 1500 }),
  instant: everyMedium({ queued: 0, processing: 0 }),
  // The vendors speak of 5 to 30 s for an image and one to several minutes for a video.
  realistic: {
    image: { queued: 1000, processing: 11_000 },
    video: { queued: 3000, processing: 87_000 },
    audio: { queued: 1000, processing: 7000 },
  },
};

const explicitDurations = z
  .strictObject({
    queued: duration.default(PROFILES.fast.image.queued),
    processing: duration.default(PROFILES.fast.image.processing),
  })
  .meta({ description: "Explicit durations of the two unfinished phases" });

/** A profile by name (`fast`, `instant`, `realistic`), or explicit durations. */
export const timing = z.union([z.enum(["fast", "instant", "realistic"]), explicitDurations]);

export type Timing = z.output<typeof timing>;

/** Returns the durations of a timing for a medium. */
export function durationsOf(chosen: Timing, medium: Medium): PhaseDurations {
  return typeof chosen === "string" ? PROFILES[chosen][medium] : chosen;
}

function everyMedium(durations: PhaseDurations): Readonly<Record<Medium, PhaseDurations>> {
  return { image: durations, video: durations, audio: durations };
}
