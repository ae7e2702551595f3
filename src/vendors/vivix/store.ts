/** What vivix keeps of a generation beside what the engine keeps. */
import { z } from "zod";
import type { Generation } from "../../engine/model/generation.ts";

const attributes = z.strictObject({
  /** What webhooks call the model. */
  providerModel: z.string(),
});

export type Attributes = z.output<typeof attributes>;

export const attributesOf = (generation: Generation): Attributes => attributes.parse(generation.attributes);
