/** Answers of the repositories' host. */
import { z } from "zod";

/** What the repositories' host says of a deletion [inferred from its other answers]. */
export const deleted = z.strictObject({ status: z.literal("success"), status_message: z.literal("resource_deleted") });
