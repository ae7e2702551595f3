/**
 * Derives ids, tokens and secrets. Each is a hash of (seed, sandbox, vendor, account, kind, counter), in the shape that
 * the vendor shows. A fresh or reset sandbox of the same name always produces the same ids, two sandboxes never share
 * any, and the traffic of one account does not change the ids of another. The emulator uses no randomness.
 */
import { hash } from "node:crypto";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A digest that identifies one thing, as 64 hexadecimal digits; the functions below turn it into a vendor's format. */
export type Digest = string;

/** Returns the digest of a path of names, as 64 hexadecimal digits. */
export function digestOf(...parts: readonly (string | number)[]): Digest {
  return hash("sha256", parts.join("\u0000"), "hex");
}

/** Returns a UUID in version 4 format: `5b91a581-ee19-4f86-9fea-bd29471d69d5`. */
export function uuidFrom(digest: Digest): string {
  const variant = "89ab".charAt(Number.parseInt(digest.charAt(16), 16) & 3);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** Returns `length` characters of `[0-9A-Za-z]`, at most 32. */
export function base62From(digest: Digest, length: number): string {
  let text = "";
  for (let position = 0; position < length; position += 1) {
    text += BASE62.charAt(Number.parseInt(digest.slice(position * 2, position * 2 + 2), 16) % 62);
  }
  return text;
}

/** The form of the ids that {@link longIdFrom} makes. */
export const LONG_ID = /^job-[0-9a-f]{64}$/;

/** Returns an id that is longer than any vendor's, and of another form. */
export function longIdFrom(digest: Digest): string {
  return `job-${digest}`;
}

/** Returns a number in [0, 1) drawn from the digest, for seeded probability and jitter. */
export function fractionFrom(digest: Digest): number {
  return Number.parseInt(digest.slice(0, 12), 16) / 2 ** 48;
}
