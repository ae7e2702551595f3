/** Finds the generations that a caller may read; see namespaces.ts. */
import type { Generation } from "../../../engine/model/generation.ts";
import type { Submitter } from "../../../http/request/submitter.ts";
import { stateOf } from "../account.ts";
import { notFound } from "../errors.ts";

/** Returns the generation with this id, if it is in a namespace of the caller. Otherwise throws 404. */
export function findGeneration({ account, sandbox }: Pick<Submitter, "account" | "sandbox">, id: string): Generation {
  const found = sandbox.generations.find("oxen", id);
  if (found === undefined) throw notFound();
  if (found.accountId !== account.id && !stateOf(account).organizations.includes(found.account)) throw notFound();
  return found;
}
