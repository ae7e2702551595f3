/** Reads a text file that a user wrote, in the encodings in which editors save, and says why one cannot be read. */
import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";

/** The error for a file that cannot be read as text; the message is the reason without the path. */
export class FileUnreadable extends Error {}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "this is a folder, not a file",
  EACCES: "this user may not read the file",
  ENOTDIR: "a part of the path is a file, not a folder",
};

/**
 * Returns the text of a file, without a byte order mark and with `\n` as its line break. Reads UTF-8, and UTF-16 with a
 * byte order mark. Throws {@link FileUnreadable}.
 */
export function readTextFile(path: string): string {
  return decoded(bytesOf(path)).replaceAll(/\r\n?/g, "\n");
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new FileUnreadable(REASONS[code] ?? (error instanceof Error ? error.message : String(error)), {
      cause: error,
    });
  }
}

function decoded(bytes: Buffer): string {
  const [first, second, third, fourth] = bytes;
  const isWide = first === 0 && second === 0 && third === 0xfe && fourth === 0xff;
  if (isWide || (first === 0xff && second === 0xfe && third === 0 && fourth === 0))
    throw new FileUnreadable("the file is UTF-32; save it as UTF-8");
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (bytes.includes(0))
    throw new FileUnreadable("the file is UTF-16 without a byte order mark, or not text; save it as UTF-8");
  if (!isUtf8(bytes)) throw new FileUnreadable("the file is not UTF-8; save it as UTF-8");
  return new TextDecoder("utf-8").decode(bytes);
}
