/** sync's models [sdk: a closed enum], so the catalogue is always strict; a user's folder may still add to it. */
import { z } from "zod";
import type { Fixture } from "../../fixtures/library.ts";

const model = z.strictObject({
  id: z.string(),
  /** What goes into `model`. */
  name: z.string(),
  type: z.enum(["lipsync", "react"]),
  version: z.string(),
  description: z.string().optional(),
  /** A model that has been withdrawn: taken, and not listed [doc]. */
  deprecatedAt: z.iso.datetime().optional(),
  /** List price of a second of output at 25 frames [client]; no estimate can be given without it. */
  usdPerSecond: z.number().positive().optional(),
});

export type Model = z.output<typeof model>;

export const models: Fixture<Model> = { name: "sync/models", item: model, keyOf: ({ name }) => name };
