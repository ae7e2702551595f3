/** Defines the parts of sync's schemas that several resources share. */
import { z } from "zod";

// Unknown query parameters and body fields are ignored [inferred].

export const uuid = z.uuid("must be a UUID");

/** An enumeration, with the framework's words for another value. */
export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, `must be one of the following values: ${values.join(", ")}`);

export const isoTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .meta({ description: "ISO 8601 UTC with milliseconds" });

const instantOrDate = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** The bound of a range in a query. A date alone is its first instant in UTC: the pages say only ISO 8601 [inferred]. */
export const queryInstant = z
  .string("must be a valid ISO 8601 date string")
  .refine((value) => instantOrDate.safeParse(value).success, "must be a valid ISO 8601 date string")
  .meta({ format: "date-time" });

/** Any JSON object, as `options` and echoed items are. */
export const jsonObject = z.record(z.string(), z.unknown());

/** The documented `GenerationError`, and the framework's own shape, which has no code. */
const errorBody = z.looseObject({
  message: z.union([z.string(), z.array(z.string())]),
  error: z.string().optional(),
  statusCode: z.int(),
  errorCode: z.string().optional(),
  suggestion: z.string().optional(),
  field: z.string().optional(),
});

/** The error responses of a route. */
export const failures = { "4xx": errorBody, "5xx": errorBody } as const;

/** The id in a path. The route checks its form, because the vintages answer a malformed id differently. */
export const idParams = z.object({ id: z.string() });
