/** Parses the `progression` field of documents. */
import { z } from "zod";

/** What moves a generation to its next phase, as documents write it. */
export const progression = z
  .union([
    z.literal("time"),
    z.strictObject({ polls: z.number().int().min(1) }),
    z.strictObject({ hold: z.enum(["queued", "processing"]) }),
  ])
  .meta({ description: "Cause of a generation's progress: time, a number of status reads, or a release by the test" });
