/** Defines the body of a report and its receipt [doc: feedback-api/submit]. */
import { z } from "zod";
import { oneOf, uuid } from "../schemas.ts";

/** Maximum characters of a text; the documentation's own bound could not be read [inferred]. */
const TEXT_LENGTH = 10_000;

const text = z
  .string("must be a string")
  .min(1, "should not be empty")
  .max(TEXT_LENGTH, `must be shorter than or equal to ${TEXT_LENGTH} characters`);

export const feedbackBody = z.strictObject(
  {
    kind: oneOf("confusing_error", "bug", "missing_capability", "workaround", "docs", "other"),
    message: text,
    tool: text.optional(),
    errorCode: text.optional(),
    generationId: text.optional(),
    jobId: text.optional(),
    // Two of the three values are documented [client: the tool server]; the third is [inferred].
    severity: oneOf("blocker", "major", "minor").optional(),
  },
  { error: ({ code, keys }) => (code === "unrecognized_keys" ? unknownKeys(keys) : undefined) },
);

export const receipt = z.strictObject({ id: uuid });

/** Words unknown keys as the framework's validator does. */
function unknownKeys(keys: unknown): string {
  return `property ${String(keys)} should not exist`;
}
