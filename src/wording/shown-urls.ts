/** Redacts URLs, so that logs, the journal, events and reports show no secret of a user. */
import { hintOf } from "./key-hint.ts";

/** Matches names of parameters in which clients of other vendors send secrets. */
const SECRET_NAME =
  /(?:api.?key|token|secret|passw|auth(?!or(?!i[sz]))|bearer|signature|credential|jwt|hmac)|(?:^|[-_.])(?:key|sig|pwd|pass|otp|session)(?:\[\w*\])?$/i;

/** Matches names of keys in camel case, such as `accessKey`. */
const CAMEL_KEY = /[a-z0-9]Key(?:\[\w*\])?$/;

/** Matches the start of a parameter between two `&`, after every separator that some server accepts. */
const BEGINNING = /(?:^|[?;#])([^?;#=]+)=/g;

/** Matches a user and a password before the host. The bounds keep it linear in texts without any. */
const USER_INFO = /((?:[a-z][a-z0-9+.-]{0,20}:)?[\\/]{2,9})[^\s\\/?#"]*@/i;

/** Matches the words of a text, of which a URL is one. */
const WORD = /[^\s"'`<>]+/g;

/** Matches a word that may be a URL with a secret: it has a host, a query or a fragment. */
const MAYBE_URL = /[\\/]{2}|[?#]/;

/**
 * Redacts the secrets of a URL for the journal, logs and events: the user name and password, and keys, tokens and
 * signatures in the query and in the fragment. Vendors ignore a key in the query, but it is still a secret.
 */
export function withoutSecrets(url: string): string {
  // Hardly any URL has user information, and the search for it takes longer than that for its end.
  const shown = url.includes("@") ? url.replace(USER_INFO, "$1…@") : url;
  const start = shown.search(/[?#]/);
  return start === -1
    ? shown
    : shown.slice(0, start + 1) +
        shown
          .slice(start + 1)
          .split("&")
          .map(withoutSecret)
          .join("&");
}

/** Redacts the secrets of all URLs in a text. */
export function withoutUrlSecrets(text: string): string {
  if (!MAYBE_URL.test(text)) return text;
  return text.replace(WORD, (word) => (MAYBE_URL.test(word) ? withoutSecrets(word) : word));
}

/** Redacts the secrets of all URLs in the texts of a JSON value; which may be nested. */
export function withoutUrlSecretsIn(value: unknown): unknown {
  if (typeof value === "string") return withoutUrlSecrets(value);
  if (Array.isArray(value)) return value.map(withoutUrlSecretsIn);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutUrlSecretsIn(part)]));
}

/** Redacts the values of secrets in a parsed query. */
export function withoutQuerySecrets(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, isSecret(name) ? hintOf(String(value)) : value]),
  );
}

/** Redacts everything after the name of the first secret, because a key may contain any character. */
function withoutSecret(part: string): string {
  for (const match of part.matchAll(BEGINNING)) {
    const value = match.index + match[0].length;
    if (value < part.length && isSecret(decoded(match[1] ?? "")))
      return part.slice(0, value) + hintOfValue(part.slice(value));
  }
  return part;
}

/** Returns a hint; none for a value with separators, since its first part may be the whole secret and short. */
function hintOfValue(value: string): string {
  const [first = ""] = value.split(/[;?#]/, 1);
  return first === value ? hintOf(value) : "…";
}

function isSecret(name: string): boolean {
  return SECRET_NAME.test(name) || CAMEL_KEY.test(name);
}

/** Decodes a name; returns a name that does not decode unchanged. */
function decoded(name: string): string {
  if (!name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
