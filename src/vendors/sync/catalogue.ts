/** Defines sync's models [sdk: a closed enum]. The catalogue is always strict, but a fixtures folder may add models. */
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { Fixture, FixtureLibrary } from "../../fixtures/library.ts";
import { vintageOf } from "./vintage.ts";

const model = z.strictObject({
  id: z.string(),
  /** Value of the field `model` of a request. */
  name: z.string(),
  /** A name that requests of the older vintage may also use, and that no list shows. */
  formerName: z.string().optional(),
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

/** Returns the model of this name, or of this former name in the vintage that still has it. */
export function findModel(
  { fixtures, sandbox }: { readonly fixtures: FixtureLibrary; readonly sandbox: Sandbox },
  name: string,
): Model | undefined {
  const named = fixtures.mapOf(models).get(name);
  if (named !== undefined || vintageOf(sandbox) !== "2026-06") return named;
  return fixtures.listOf(models).find(({ formerName }) => formerName === name);
}
