/** What outputs cost. No page gives a price, so the figures in `fixtures/affogato/prices.json` are [inferred]. */
import { z } from "zod";
import type { Fixture, FixtureLibrary } from "../../../fixtures/library.ts";

const items = [
  "image",
  "image-plus",
  "image-flux",
  "segment",
  "true_touch",
  "narrator-second",
  "video_anyone-second",
] as const;

const price = z.strictObject({ item: z.enum(items), credits: z.number().nonnegative() });

export const prices: Fixture<z.output<typeof price>> = {
  name: "affogato/prices",
  item: price,
  keyOf: ({ item }) => item,
};

/** Credits for `quantity` of an item: outputs, or begun seconds of a video. */
export function priceOf(library: FixtureLibrary, item: (typeof items)[number], quantity = 1): number {
  return (library.mapOf(prices).get(item)?.credits ?? 0) * Math.ceil(quantity);
}
