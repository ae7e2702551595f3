/** Brings the path of a request into the form in which rules, verification and the journal compare it. */

/**
 * Returns a path without a trailing slash and decoded once, so that `/v2/m%6fdels/` is `/v2/models`. An encoded slash
 * stays encoded, because it does not separate segments, and so does a part that cannot be decoded.
 */
export function normalPath(path: string): string {
  const bare = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  return bare.includes("%") ? bare.split("/").map(decodeSegment).join("/") : bare;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment).replaceAll("/", "%2F");
  } catch {
    return segment;
  }
}
