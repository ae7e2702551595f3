import { hintOf } from "../engine/accounts.ts";

/** The path of a request's URL, without its query. */
export function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}

/** Parameters in which clients of other vendors send a key. */
const KEY_PARAMETER = /(?<=[?&](?:x-)?(?:api[-_]?key|access[-_]token|auth(?:orization)?|key|password|secret)=)[^&#]+/gi;

/** A URL as it may be kept and logged: no vendor takes a key from its query, but what is sent there is one all the same. */
export function withoutKeys(url: string): string {
  return url.includes("?") ? url.replace(KEY_PARAMETER, hintOf) : url;
}
