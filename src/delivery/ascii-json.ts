const NOT_PLAIN = /[\u007f-\uffff]/g;

/**
 * Compact JSON in ASCII: what JavaScript's `JSON.stringify` and Python's `json.dumps(…, separators=(",", ":"))` both
 * make of it again once parsed, as long as its texts are ASCII. Other characters are escaped as Python escapes them.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(NOT_PLAIN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
