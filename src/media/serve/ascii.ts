/** Transliterates text, because the font of pictures has only ASCII. */

const ASCII = /^[\x20-\x7e\s]*$/;

/** Returns a text in Latin letters: "Привет" is "Privet", and an emoji is its name between colons. */
export async function inAscii(text: string): Promise<string> {
  if (ASCII.test(text)) return text;
  // Loaded for the first such text, because its tables are large and most texts do not need them.
  const { default: anyAscii } = await import("any-ascii");
  return anyAscii(text.normalize("NFC")).replaceAll(/[^\x20-\x7e]+/g, " ");
}
