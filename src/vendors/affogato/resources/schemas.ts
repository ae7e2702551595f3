/** What the lists of resources can be asked for; their items are those of the catalogue. */
import { z } from "zod";
import { pageQuery } from "../schemas.ts";

export const resourceQuery = pageQuery.extend({
  type: z.string().meta({ description: "A base model, such as flux" }).optional(),
});
