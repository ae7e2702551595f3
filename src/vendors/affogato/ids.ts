/** Generates ids in affogato's format. */
import type { Account } from "../../engine/generation/accounts.ts";
import { base62From, longIdFrom, type Digest } from "../../engine/base/ids.ts";
import type { Submitter } from "../../http/request/submitter.ts";

/** Returns a prefix and ten base62 characters, as in every known real id [doc]. Call it inside a transaction. */
export function nextId(account: Account, prefix: "ast" | "chr"): string {
  return prefixed(prefix, account.nextDigest("affogato", prefix));
}

/** Returns the id of a generation or of an output, of another form if the sandbox asks for it. */
export function nextJobId(
  { account, sandbox }: Pick<Submitter, "account" | "sandbox">,
  prefix: "gen" | "img" | "vid",
): string {
  const digest = account.nextDigest("affogato", prefix);
  return sandbox.settings.hasLongIds ? longIdFrom(digest) : prefixed(prefix, digest);
}

function prefixed(prefix: string, digest: Digest): string {
  return `${prefix}_${base62From(digest, 10)}`;
}
