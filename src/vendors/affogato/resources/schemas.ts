/** Defines the query of the resource lists; the catalogue defines their items. */
import { z } from "zod";
import { pageQuery } from "../schemas.ts";

export const resourceQuery = pageQuery.extend({
  type: z.string().meta({ description: "A base model, such as flux" }).optional(),
});
