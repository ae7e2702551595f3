/** Computes the price of a generation from the model's published pricing, in millionths of a US dollar. */
import type { Pricing } from "./model.ts";
import { sizeOf } from "./resolution.ts";

export const MICROS = 1_000_000;

export const toMicros = (dollars: number): number => Math.round(dollars * MICROS);

/** Formats an amount as the vendor writes decimals: `"0.0624"`, `"3.5"`, `"12"`. */
export function formatDollars(micros: number): string {
  const fraction = String(micros % MICROS)
    .padStart(6, "0")
    .replace(/0+$/, "");
  const whole = Math.floor(micros / MICROS);
  return fraction === "" ? String(whole) : `${whole}.${fraction}`;
}

/** The facts on which a price depends. */
export interface PricedWork {
  readonly seconds: number;
  readonly resolution: string | undefined;
  readonly quality: string | undefined;
  readonly hasAudio: boolean;
}

/**
 * Returns the price of one generation; 0 for a model without a published price. The precedence of the rates is
 * [inferred].
 */
export function priceOf(pricing: Pricing | null, work: PricedWork): number {
  switch (pricing?.method) {
    case "per_image":
      return toMicros(imageRate(pricing, work));
    case "per_video_output_second":
    case "per_audio_output_second":
    case "time":
      return toMicros(secondRate(pricing, work) * work.seconds);
    // Tokens, which no media model counts, and methods that the vendor adds.
    default:
      return 0;
  }
}

function imageRate({ cost_per_image: rate, cost_per_image_grid: grid }: Pricing, work: PricedWork): number {
  const tiers = valueOf(grid ?? {}, work.quality) ?? Object.values(grid ?? {})[0] ?? {};
  return valueOf(tiers, work.resolution) ?? rate ?? 0;
}

function secondRate(pricing: Pricing, { resolution, hasAudio }: PricedWork): number {
  const { cost_per_second_by_resolution: byResolution, cost_per_second_high_res: highRes } = pricing;
  const rate = valueOf(byResolution ?? {}, resolution);
  if (rate !== undefined) return rate;
  if (typeof highRes === "number" && (sizeOf(resolution)?.longSide ?? 0) > 1920) return highRes;
  return (hasAudio ? pricing.cost_per_second_with_audio : undefined) ?? pricing.cost_per_second ?? 0;
}

/** Returns the value with this name, in any case: requests and price lists write `1k` and `1K`. */
function valueOf<Value>(values: Readonly<Record<string, Value>>, name: string | undefined): Value | undefined {
  return Object.entries(values).find(([known]) => known.toLowerCase() === name?.toLowerCase())?.[1];
}
