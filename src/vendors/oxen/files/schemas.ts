/** Defines the responses of the repositories' host. */
import { z } from "zod";

/** The repositories' host's response to a deletion [inferred from its other answers]. */
export const deleted = z.strictObject({ status: z.literal("success"), status_message: z.literal("resource_deleted") });
