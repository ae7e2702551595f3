/**
 * Words a validation error as a phrase that follows the field's name, such as `must be a string`; vendors put it in
 * their own sentences. A schema's own message stays; only the validation library's wording, which no vendor uses, is
 * replaced.
 */

/** An issue of the validation library, without its path. */
type Details = Readonly<Record<string, unknown>>;

const LIBRARY_WORDING = /^(?:Invalid|Too (?:small|big)|Unrecognized)\b/;

export function wordIssue(code: string, message: string, details: Details): string {
  return LIBRARY_WORDING.test(message) ? phraseOf(code, details) : message;
}

function phraseOf(code: string, details: Details): string {
  switch (code) {
    case "invalid_type":
      return `must be ${KINDS[String(details.expected)] ?? "of another type"}`;
    case "invalid_value":
      return oneOf(details.values);
    case "too_small":
      return bound(details, "minimum", { number: "at least", exclusive: "greater than", items: "at least" });
    case "too_big":
      return bound(details, "maximum", { number: "at most", exclusive: "less than", items: "at most" });
    case "not_multiple_of":
      return `must be a multiple of ${String(details.divisor)}`;
    case "unrecognized_keys":
      return `must not have ${listOf(details.keys).join(", ")}`;
    case "invalid_format":
      return FORMATS[String(details.format)] ?? "has the wrong form";
    case "invalid_union":
      return alternatives(details.errors);
    default:
      return "is invalid";
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "an integer",
  boolean: "a boolean",
  array: "an array",
  tuple: "an array",
  object: "an object",
  record: "an object",
  null: "null",
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: "must be a UUID",
  url: "must be a URL",
  datetime: "must be an ISO 8601 date and time",
  email: "must be an email address",
};

function oneOf(values: unknown): string {
  const names = listOf(values);
  return names.length === 1 ? `must be ${names.join("")}` : `must be one of ${names.join(", ")}`;
}

function bound(
  details: Details,
  side: "minimum" | "maximum",
  words: { readonly number: string; readonly exclusive: string; readonly items: string },
): string {
  const limit = Number(details[side]);
  const unit = { string: "character", array: "item" }[String(details.origin)];
  if (unit === undefined) return `must be ${details.inclusive === false ? words.exclusive : words.number} ${limit}`;
  if (side === "minimum" && limit === 1) return "must not be empty";
  return `must have ${words.items} ${limit} ${unit}${limit === 1 ? "" : "s"}`;
}

/** Lists all alternatives when each is a type or a value; returns "is invalid" for any other union. */
function alternatives(errors: unknown): string {
  const issues = (Array.isArray(errors) ? errors : []).flat() as { code: string; path: unknown[]; message: string }[];
  const phrases = issues
    .filter(({ path }) => path.length === 0)
    .map(({ code, message, ...details }) => wordIssue(code, message, details));
  const choices = [...new Set(phrases)].filter((phrase) => phrase.startsWith("must be "));
  if (choices.length === 0 || choices.length < new Set(phrases).size) return "is invalid";
  return `must be ${choices.map((phrase) => phrase.slice("must be ".length)).join(" or ")}`;
}

function listOf(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}
