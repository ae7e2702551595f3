/** Reads the path of a URL, and redacts keys in its query. */
import { hintOf } from "../../engine/generation/accounts.ts";

/** Returns the path of a request's URL, without its query. */
export function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}

/** Matches names of parameters in which clients of other vendors send secrets. */
const SECRET_NAME =
  /(?:api.?key|token|secret|passw|auth(?!or(?!i[sz]))|bearer|signature|credential)|(?:^|[-_.])key(?:\[\w*\])?$/i;

/** Matches such names in camel case, as in `accessKey`. */
const CAMEL_KEY = /[a-z0-9]Key(?:\[\w*\])?$/;

/** Matches the start of a parameter between two `&`, after every separator that some server accepts. */
const BEGINNING = /(?:^|[?;#])([^?;#=]+)=/g;

/** Redacts keys in a URL for the journal and the log: vendors ignore a key in the query, but it is still a secret. */
export function withoutKeys(url: string): string {
  const start = url.indexOf("?");
  return start === -1
    ? url
    : url.slice(0, start + 1) +
        url
          .slice(start + 1)
          .split("&")
          .map(withoutKey)
          .join("&");
}

/** Redacts everything after the name of the first secret, because a key may contain any character. */
function withoutKey(part: string): string {
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
