/** What affogato keeps with a generation beside what the engine does. */
import { z } from "zod";
import type { Generation } from "../../../engine/model/generation.ts";

const attributes = z.strictObject({
  /** What was charged for each output, by its id. */
  prices: z.record(z.string(), z.number()),
  /** What the create answer says of each output, by its id. */
  descriptions: z.record(
    z.string(),
    z.strictObject({
      model: z.string().optional(),
      style: z.strictObject({ name: z.string(), base_model: z.string() }).optional(),
    }),
  ),
});

export type Attributes = z.output<typeof attributes>;

export function attributesOf(generation: Pick<Generation, "attributes">): Attributes {
  return attributes.parse(generation.attributes);
}
