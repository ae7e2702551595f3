/** Defines the attributes that oxen stores with a generation, in addition to its request. */
import { z } from "zod";
import type { Generation } from "../../../engine/model/generation.ts";

const attributes = z.object({
  repo: z.string().nullable(),
  directory: z.string().nullable(),
  /** The requesting user; the generation's account is the one that pays. */
  userId: z.string(),
  username: z.string(),
  /** Whether the generation's file was deleted. */
  isFileDeleted: z.boolean().optional(),
  /** Numbers of the request whose digits the echo keeps. */
  exactNumbers: z.record(z.string(), z.string()).optional(),
});

export type Attributes = z.output<typeof attributes>;

export const attributesOf = (generation: Generation): Attributes => attributes.parse(generation.attributes);
