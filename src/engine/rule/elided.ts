/**
 * Shortens the long strings of a large body, so that the body can be kept and still be matched. A shortened string
 * keeps its beginning, its length and its hash, so that equality, `$length` and `$sha256` still have an answer.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { detached } from "../base/detached-text.ts";

/** Strings with at most this many characters are kept whole. */
const KEPT_CHARACTERS = 256;

/** Characters that a shortened string keeps, so that a reader recognises it. */
const SHOWN_CHARACTERS = 64;

const elidedString = z.strictObject({
  $elided: z.strictObject({ start: z.string(), length: z.int().min(0), sha256: z.string() }),
});

/** A string of which only the beginning, the length in characters and the hash of its UTF-8 bytes are kept. */
export type ElidedString = z.output<typeof elidedString>;

/** Stands for a part of a request that was not kept, so that a comparison with it cannot be decided. */
export const notKept = Symbol("not kept");

/** Returns a copy of a JSON value whose long strings are shortened; returns a value without long strings unchanged. */
export function elide(value: unknown): unknown {
  if (typeof value === "string") return value.length > KEPT_CHARACTERS ? elideString(value) : value;
  if (Array.isArray(value)) return value.map(elide);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, elide(part)]));
}

/** Returns the parts of a shortened string; undefined for any other value. */
export function elidedParts(value: unknown): ElidedString["$elided"] | undefined {
  if (typeof value !== "object" || value === null || !("$elided" in value)) return undefined;
  return elidedString.safeParse(value).data?.$elided;
}

/** Returns whether a shortened string was this text. */
export function wasText({ start, length, sha256 }: ElidedString["$elided"], text: string): boolean {
  return text.startsWith(start) && charactersIn(text) === length && sha256Of(text) === sha256;
}

/** Returns the number of characters; a pair of surrogates counts as one, as in Python. */
export function charactersIn(text: string): number {
  // Most texts have none, which this finds much faster.
  if (!/[\ud800-\udbff]/.test(text)) return text.length;
  let pairs = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit <= 0xdbff) pairs += 1;
  }
  return text.length - pairs;
}

/** Returns the hexadecimal hash of the text's UTF-8 bytes. */
export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function elideString(text: string): ElidedString {
  return {
    $elided: { start: detached(text.slice(0, SHOWN_CHARACTERS)), length: charactersIn(text), sha256: sha256Of(text) },
  };
}
