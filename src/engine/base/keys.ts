/** Reads API keys: what a self-describing key names, how a key is stored, and what may be shown of it. */
import { SELF_DESCRIBING } from "../../wording/key-hint.ts";
import { digestOf } from "./ids.ts";

/** The parts of a self-describing key: `[prefix]fx_<sandbox>_<account>[_<user>]`. */
export interface KeyDescription {
  readonly sandbox: string;
  readonly account: string;
  readonly user: string;
}

const LOOKS_SELF_DESCRIBING = /fx_/;

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
