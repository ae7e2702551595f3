/** Redacts URLs, so that logs, the journal, events and reports show no secret of a user. */
import { hintOf } from "./keys.ts";

/** Matches names of parameters in which clients of other vendors send secrets. */
const SECRET_NAME =
  /(?:api.?key|token|secret|passw|auth(?!or(?!i[sz]))|bearer|signature|credential|jwt|hmac)|(?:^|[-_.])(?:key|sig)(?:\[\w*\])?$/i;

/** Matches names of keys in camel case, such as `accessKey`. */
const CAMEL_KEY = /[a-z0-9]Key(?:\[\w*\])?$/;

/** Matches the start of a parameter between two `&`, after every separator that some server accepts. */
const BEGINNING = /(?:^|[?;#])([^?;#=]+)=/g;

/** Matches a user and a password before the host. */
const USER_INFO = /^(\s*[a-z][a-z0-9+.-]*:[\\/]{2,})[^\\/?#]*@/i;

/**
 * Redacts the secrets of a URL for the journal, logs and events: the user name and password, and keys, tokens and
 * signatures in the query. Vendors ignore a key in the query, but it is still a secret.
 */
export function withoutSecrets(url: string): string {
  const shown = url.replace(USER_INFO, "$1…@");
  const start = shown.indexOf("?");
  return start === -1
    ? shown
    : shown.slice(0, start + 1) +
        shown
          .slice(start + 1)
          .split("&")
          .map(withoutSecret)
          .join("&");
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
      return part.slice(0, value) + hintOf(part.slice(value));
  }
  return part;
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
