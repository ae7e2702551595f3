/**
 * Whose generations a caller may see and who pays. A namespace is an account of the sandbox: the caller's own, or an
 * organisation that it belongs to. A generation belongs to the namespace that it was made for, and every member sees
 * it. A list of any other namespace is empty, and making something for one is 404 [inferred: not stated].
 */
import type { Account } from "../../engine/generation/accounts.ts";
import { uuidFrom } from "../../engine/base/ids.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { stateOf } from "./account.ts";
import type { Submitter } from "../../http/request/submitter.ts";

/** The account behind a namespace that the caller may use, its own where none is named; undefined for a foreign one. */
export function findNamespace(
  { account, sandbox, explain }: Submitter,
  named: string | null | undefined,
): Account | undefined {
  if (named === undefined || named === null || named === account.name) return account;
  if (stateOf(account).organizations.includes(named)) return sandbox.account(named);
  explain?.("NAMESPACE_FOREIGN", `${account.name} does not belong to the namespace ${named}.`);
  return undefined;
}

/** The id by which the history names a user. */
export function userIdOf(sandbox: Sandbox, account: string): string {
  return uuidFrom(sandbox.digest("oxen", "user", account));
}
