/**
 * Bounds the number of values in JSON before it is parsed. Node.js makes an object with many different keys so slowly
 * that a body of one megabyte would keep every other request waiting for most of a second.
 */

/** The most keys and items of a body, of one object, and of all objects that are not small. */
export const MOST_VALUES = 200_000;
export const MOST_KEYS = 5000;
const MOST_KEYS_OF_LARGE = 10_000;

/** An object with more keys is not small. */
const SMALL_KEYS = 64;

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OBJECT, OBJECT_END, ARRAY, ARRAY_END] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Returns why the JSON has too many values; undefined if it has not. Reads it once, and accepts any text. */
export function tooManyValuesIn(text: string): string | undefined {
  const outer: number[] = [];
  let keys = 0;
  let values = 0;
  let keysOfLarge = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at + 1);
        break;
      case COLON:
        keys += 1;
        values += 1;
        if (keys > MOST_KEYS) return `an object has more than ${MOST_KEYS} keys`;
        if (keys > SMALL_KEYS) keysOfLarge += 1;
        if (keysOfLarge > MOST_KEYS_OF_LARGE)
          return `objects with more than ${SMALL_KEYS} keys have more than ${MOST_KEYS_OF_LARGE} further keys together`;
        break;
      case COMMA:
        values += 1;
        break;
      case OBJECT:
      case ARRAY:
        values += 1;
        outer.push(keys);
        keys = 0;
        break;
      case OBJECT_END:
      case ARRAY_END:
        keys = outer.pop() ?? 0;
        break;
    }
    if (values > MOST_VALUES) return `it has more than ${MOST_VALUES} values`;
  }
  return undefined;
}

/** Returns the place of the quote that ends a text, or the end. */
function endOfText(text: string, from: number): number {
  for (let at = from; ;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length;
    let first = quote;
    while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((quote - first) % 2 === 0) return quote;
    at = quote + 1;
  }
}
