/**
 * Parses query values, which are text; zod's own coercion reads `"false"` as true and `""` as 0. A boolean is `true`,
 * `false`, `1` or `0` in any case, a number is finite decimal text, and a repeated scalar is an error. A refused value
 * becomes the vendor's own 400. In an OpenAPI document, each codec has the type of its parsed value.
 */
import { z } from "zod";

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/** A scalar that is given once; a repeated value is an array, which this schema refuses. */
const scalar = z.string();

export const queryBoolean = scalar
  .transform((text, context) => {
    const lower = text.toLowerCase();
    if (lower === "true" || lower === "1") return true;
    if (lower === "false" || lower === "0") return false;
    context.addIssue({ code: "custom", message: "must be a boolean value" });
    return z.NEVER;
  })
  .meta({ type: "boolean" });

export const queryNumber = scalar
  .transform((text, context) => {
    if (DECIMAL.test(text)) return Number(text);
    context.addIssue({ code: "custom", message: "must be a number" });
    return z.NEVER;
  })
  .meta({ type: "number" });

/** Returns a codec for a whole number within bounds. */
export function queryInteger(bounds: { min?: number; max?: number } = {}) {
  return queryNumber
    .pipe(
      z
        .number()
        .int("must be an integer number")
        .min(bounds.min ?? Number.MIN_SAFE_INTEGER, `must not be less than ${bounds.min ?? Number.MIN_SAFE_INTEGER}`)
        .max(
          bounds.max ?? Number.MAX_SAFE_INTEGER,
          `must not be greater than ${bounds.max ?? Number.MAX_SAFE_INTEGER}`,
        ),
    )
    .meta({ type: "integer", minimum: bounds.min, maximum: bounds.max });
}

/** A list written as JSON-array text (`["A","B"]`), with commas (`A,B`), or by repeating the key. */
export const queryList = z
  .union([z.string(), z.array(z.string())])
  .transform((given): string[] => {
    const texts = typeof given === "string" ? [given] : given;
    return texts
      .flatMap((text) => jsonArrayOf(text) ?? text.split(","))
      .map((item) => item.trim())
      .filter((item) => item !== "");
  })
  .meta({
    type: "array",
    items: { type: "string" },
    anyOf: undefined,
    description: "Repeated keys, values separated by commas, or the text of a JSON array",
  });

function jsonArrayOf(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.map(String) : undefined;
  } catch {
    return undefined;
  }
}
