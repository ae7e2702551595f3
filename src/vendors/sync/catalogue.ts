/** Defines sync's models [sdk: a closed enum]. The catalogue is always strict, but a fixtures folder may add models. */
import { z } from "zod";
import type { Fixture } from "../../fixtures/library.ts";

const model = z.strictObject({
  id: z.string(),
  /** Value of the field `model` of a request. */
  name: z.string(),
  type: z.enum(["lipsync", "react"]),
  version: z.string(),
  description: z.string().optional(),
  /** When the model was withdrawn: requests may still use it, but the list omits it [doc]. */
  deprecatedAt: z.iso.datetime().optional(),
  /** List price of a second of output at 25 frames [client]; a model without it has no estimate. */
  usdPerSecond: z.number().positive().optional(),
});

export type Model = z.output<typeof model>;

export const models: Fixture<Model> = { name: "sync/models", item: model, keyOf: ({ name }) => name };
