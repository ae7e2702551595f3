import { hintOf } from "../../engine/generation/accounts.ts";

/** The path of a request's URL, without its query. */
export function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}

/** Names of parameters in which clients of other vendors send what is secret. */
const SECRET_NAME =
  /(?:api.?key|token|secret|passw|auth(?!or(?!i[sz]))|bearer|signature|credential)|(?:^|[-_.])key(?:\[\w*\])?$/i;

/** The same in camel case, as in `accessKey`. */
const CAMEL_KEY = /[a-z0-9]Key(?:\[\w*\])?$/;

/** Where a parameter begins between two `&`: whatever some server takes for a beginning is one. */
const BEGINNING = /(?:^|[?;#])([^?;#=]+)=/g;

/**
 * A URL as it may be kept and logged: no vendor takes a key from its query, but what is sent there is one all the same.
 */
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

/** From the first secret on nothing else is told apart: a key may have any sign in it. */
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

/** A name that does not decode is taken as it stands. */
function decoded(name: string): string {
  if (!name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
