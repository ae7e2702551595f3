/** Finds the generations that a caller may read; see namespaces.ts. */
import type { Generation } from "../../../engine/model/generation.ts";
import type { Submitter } from "../../../http/request/submitter.ts";
import { stateOf } from "../account.ts";
import { notFound } from "../errors.ts";

type Caller = Pick<Submitter, "account" | "sandbox">;

/** Returns the generation with this id, if it is in a namespace of the caller. Otherwise throws 404. */
export function findGeneration(caller: Caller, id: string): Generation {
  const found = findReadable(caller, id);
  if (found === undefined) throw notFound();
  return found;
}

/** Returns the generation with this id, if it is in a namespace of the caller; undefined for any other. */
export function findReadable({ account, sandbox }: Caller, id: string): Generation | undefined {
  const found = sandbox.generations.find("oxen", id);
  if (found === undefined || found.accountId === account.id) return found;
  return stateOf(account).organizations.includes(found.account) ? found : undefined;
}
