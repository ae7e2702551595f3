/** The form of ids at affogato. */
import type { Account } from "../../engine/generation/accounts.ts";
import { base62From } from "../../engine/base/ids.ts";

/** A prefix and ten base62 characters, as in every real id that was seen [doc]. Call it inside a transaction. */
export function nextId(account: Account, prefix: "gen" | "img" | "vid" | "ast" | "chr"): string {
  return `${prefix}_${base62From(account.nextDigest("affogato", prefix), 10)}`;
}
