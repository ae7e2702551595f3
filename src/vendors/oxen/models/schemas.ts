/** Defines the queries and responses of the model routes [doc: reference/models/overview; spec]. */
import { z } from "zod";
import { model } from "../model.ts";

export const modelList = z.strictObject({ object: z.literal("list"), data: z.array(model) });
export const modelParams = z.object({ id: z.string() });
export const modelsQuery = z.object({
  developer_name: z.string().optional(),
  provider_name: z.string().optional(),
  action: z.string().optional().meta({ description: "A fine-tuning action that the model supports" }),
});
export const searchQuery = z.object({ search: z.string() });
export const modelQuery = z.object({
  // Every model of the catalogue is live, so this filter has no effect.
  deployment_status: z.literal("live").optional(),
});
