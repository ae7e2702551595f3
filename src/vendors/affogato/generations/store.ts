/** Defines the attributes that affogato stores with a generation, in addition to the engine's own data. */
import { z } from "zod";
import type { Generation } from "../../../engine/model/generation.ts";

const attributes = z.strictObject({
  /** Credits charged for each output, by the output's id. */
  prices: z.record(z.string(), z.number()),
  /** Model and style that the create response shows for each output, by the output's id. */
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
