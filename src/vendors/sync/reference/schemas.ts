/** Defines the responses of GET /v2/errors and GET /v2/models. */
import { z } from "zod";

export const catalogueEntry = z.strictObject({ code: z.string(), message: z.string(), suggestion: z.string() });

/** [sdk: ModelInfo.d.ts] */
export const modelInfo = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.enum(["lipsync", "react"]),
  version: z.string(),
  description: z.string().optional(),
});
