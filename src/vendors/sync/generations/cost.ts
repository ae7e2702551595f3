/** What a generation costs: frames at a price per second of 25 frames, which is what a logged reply fits [client]. */
import type { Model } from "../catalogue.ts";

/** The rate that prices are given for [client: models/lipsync]. */
const PRICED_FRAME_RATE = 25;

export interface CostEstimate {
  readonly estimatedFrameCount: number;
  /** US dollars. */
  readonly estimatedGenerationCost: number;
}

/** The estimate for so many seconds; undefined for a model without a price. */
export function estimateCost(
  { usdPerSecond }: Model,
  seconds: number,
  framesPerSecond = PRICED_FRAME_RATE,
): CostEstimate | undefined {
  if (usdPerSecond === undefined) return undefined;
  // Nothing bounds what may be asked for; what is told stays a whole number.
  const frames = Math.min(Number.MAX_SAFE_INTEGER, Math.round(seconds * framesPerSecond));
  const estimatedFrameCount = Math.max(1, frames);
  const cost = (estimatedFrameCount * usdPerSecond) / PRICED_FRAME_RATE;
  return { estimatedFrameCount, estimatedGenerationCost: Math.round(cost * 1000) / 1000 };
}
