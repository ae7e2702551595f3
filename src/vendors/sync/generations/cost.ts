/**
 * Computes the cost of a generation: frames at a price per second of 25 frames, which fits a logged response [client].
 */
import type { Model } from "../catalogue.ts";

/** The frame rate of the list prices [client: models/lipsync]. */
const PRICED_FRAME_RATE = 25;

export interface CostEstimate {
  readonly estimatedFrameCount: number;
  /** US dollars. */
  readonly estimatedGenerationCost: number;
}

/** Returns the estimate for a length in seconds; undefined for a model without a price. */
export function estimateCost(
  { usdPerSecond }: Model,
  seconds: number,
  framesPerSecond = PRICED_FRAME_RATE,
): CostEstimate | undefined {
  if (usdPerSecond === undefined) return undefined;
  // The requested length has no upper bound, so the frame count is capped to stay an exact integer.
  const frames = Math.min(Number.MAX_SAFE_INTEGER, Math.round(seconds * framesPerSecond));
  const estimatedFrameCount = Math.max(1, frames);
  const cost = (estimatedFrameCount * usdPerSecond) / PRICED_FRAME_RATE;
  return { estimatedFrameCount, estimatedGenerationCost: Math.round(cost * 1000) / 1000 };
}
