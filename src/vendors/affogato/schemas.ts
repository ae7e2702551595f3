/** Defines the schemas that the routes of every folder use. */
import { z } from "zod";
import { queryInteger } from "../../http/parsing/query-codecs.ts";
import { errorBody } from "./envelope.ts";

// Unknown query parameters and body fields are ignored [inferred].

/** Query of every list. The defaults are those of the examples [inferred]; the bounds are documented. */
export const pageQuery = z.object({
  page: queryInteger({ min: 1 }).default(1),
  page_size: queryInteger({ min: 1, max: 50 }).default(10),
});

export const failures = { "4xx": errorBody, "5xx": errorBody } as const;
