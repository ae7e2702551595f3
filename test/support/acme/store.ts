/** Defines the attributes that Acme stores with each job. */
import { z } from "zod";
import type { Generation } from "../../../src/engine/model/generation.ts";

const attributes = z.strictObject({
  /** The receiver that the job's request names. */
  webhook: z.string().optional(),
});

export type Attributes = z.output<typeof attributes>;

export const attributesOf = (generation: Generation): Attributes => attributes.parse(generation.attributes);
