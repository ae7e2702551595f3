/** Writes JSON in ASCII, in the form that receivers reproduce when they check a signature. */

const NOT_PLAIN = /[\u007f-\uffff]/g;

/**
 * Returns compact ASCII JSON. JavaScript's `JSON.stringify` and Python's `json.dumps(…, separators=(",", ":"))`
 * reproduce it from the parsed value, if its texts are ASCII. Other characters are escaped as Python escapes them.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(NOT_PLAIN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
