/** Defines the schemas that every folder of oxen uses. */
import { z } from "zod";

// Unknown query parameters and body fields are ignored [inferred].

export const unixSeconds = z.int().nonnegative().meta({ description: "Unix timestamp" });

/** An error body in any of the three shapes; see errors.ts. */
const errorBody = z.strictObject({
  error: z.union([
    z.strictObject({ type: z.string(), title: z.string(), detail: z.string().optional() }),
    z.strictObject({ message: z.string() }),
    z.strictObject({ detail: z.string() }),
  ]),
  status: z.union([z.literal("error"), z.int()]).optional(),
  status_message: z.string().optional(),
});

export const failures = { "4xx": errorBody, "5xx": errorBody } as const;
