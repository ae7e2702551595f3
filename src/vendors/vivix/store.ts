/** Defines the attributes that vivix stores with a generation, in addition to the engine's own data. */
import { z } from "zod";
import type { Generation } from "../../engine/model/generation.ts";

const attributes = z.strictObject({
  /** The name of the model in webhooks. */
  providerModel: z.string(),
});

export type Attributes = z.output<typeof attributes>;

export const attributesOf = (generation: Generation): Attributes => attributes.parse(generation.attributes);
