/**
 * Decides which generations a caller may see and which account pays. A namespace is an account of the sandbox: the
 * caller's own, or an organisation of the caller. A generation belongs to the namespace that its request names, and
 * every member sees it. A list of any other namespace is empty, and a create for it is a 404 [inferred: not stated].
 */
import type { Account } from "../../engine/generation/accounts.ts";
import { uuidFrom } from "../../engine/base/ids.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { stateOf } from "./account.ts";
import type { Submitter } from "../../http/request/submitter.ts";

/**
 * Returns the account of a namespace that the caller may use, or the caller's own if none is named; undefined for any
 * other namespace.
 */
export function findNamespace(
  { account, sandbox, explain }: Submitter,
  named: string | null | undefined,
): Account | undefined {
  if (named === undefined || named === null || named === account.name) return account;
  if (stateOf(account).organizations.includes(named)) return sandbox.account(named);
  explain?.("NAMESPACE_FOREIGN", `${account.name} does not belong to the namespace ${named}.`);
  return undefined;
}

/** Returns the id of a user in the history. */
export function userIdOf(sandbox: Sandbox, account: string): string {
  return uuidFrom(sandbox.digest("oxen", "user", account));
}
