/** What oxen remembers of a generation beside its request. */
import { z } from "zod";
import type { Generation } from "../../../engine/model/generation.ts";

const attributes = z.object({
  repo: z.string().nullable(),
  directory: z.string().nullable(),
  /** Who asked for it; its account is who pays. */
  userId: z.string(),
  username: z.string(),
  /** Whether its file was deleted. */
  isFileDeleted: z.boolean().optional(),
});

export type Attributes = z.output<typeof attributes>;

export const attributesOf = (generation: Generation): Attributes => attributes.parse(generation.attributes);
