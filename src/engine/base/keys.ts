/** Reads API keys: what a self-describing key names, how a key is stored, and what may be shown of it. */
import { digestOf } from "./ids.ts";

/** The parts of a self-describing key: `[prefix]fx_<sandbox>_<account>[_<user>]`. */
export interface KeyDescription {
  readonly sandbox: string;
  readonly account: string;
  readonly user: string;
}

const SELF_DESCRIBING = /^(.*?)fx_([a-z0-9-]{1,40})_([a-z0-9-]{1,40})(?:_([a-z0-9-]{1,40}))?$/;
const LOOKS_SELF_DESCRIBING = /fx_/;

/** Short words that say what a key is for, as in `test-fx_w1_main`; a key with any other prefix may be real. */
const PLAIN_BEGINNING = /^(?:[a-z]{1,5}[-_]){0,2}fx_/;

/**
 * Parses a self-describing key. Returns `"malformed"` for a key that looks like one and does not parse, and undefined
 * for any other key.
 */
export function describeKey(key: string): KeyDescription | "malformed" | undefined {
  const match = SELF_DESCRIBING.exec(key);
  const [, , sandbox, account, user] = match ?? [];
  if (sandbox !== undefined && account !== undefined) return { sandbox, account, user: user ?? "owner" };
  return LOOKS_SELF_DESCRIBING.test(key) ? "malformed" : undefined;
}

/** Returns the hash under which a key is stored. */
export function hashKey(key: string): string {
  return digestOf("key", key);
}

/**
 * Returns the part of a key that may be shown: enough to recognise it, not enough to use it. A self-describing key is
 * not secret, but its prefix may be, and a key that only looks like one may be real.
 */
export function hintOf(key: string): string {
  if (PLAIN_BEGINNING.test(key)) return key;
  const prefix = SELF_DESCRIBING.exec(key)?.[1];
  if (prefix !== undefined) return `…${key.slice(prefix.length)}`;
  return key.length < 12 ? "…" : `${key.slice(0, 4)}…${key.slice(-2)}`;
}
