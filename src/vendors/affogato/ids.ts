/** Generates ids in affogato's format. */
import type { Account } from "../../engine/generation/accounts.ts";
import { base62From } from "../../engine/base/ids.ts";

/** Returns a prefix and ten base62 characters, as in every known real id [doc]. Call it inside a transaction. */
export function nextId(account: Account, prefix: "gen" | "img" | "vid" | "ast" | "chr"): string {
  return `${prefix}_${base62From(account.nextDigest("affogato", prefix), 10)}`;
}
