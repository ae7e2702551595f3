/** Finds a generation that a client asked for with the wrong key: of another account, vendor or sandbox. */
import type { Generation } from "../../engine/model/generation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { UnreadableRow } from "../../store/unreadable-row.ts";
import { ageInWords } from "../../wording/age.ts";

/** How many other sandboxes are searched, the latest used first. */
const MOST_SANDBOXES = 50;

/** What a refused request asked for, and with whose key. */
export interface AskedFor {
  readonly id: string;
  readonly vendor: string;
  readonly account: string;
  readonly sandbox: Sandbox;
}

interface Places {
  readonly sandboxes: { readonly all: () => readonly Sandbox[] };
  readonly vendors: ReadonlyMap<string, { readonly keyPrefix?: string }>;
}

/** Says where the generation is, since when, and which key reads it; undefined if there is none of this id. */
export function elsewhereInWords({ sandboxes, vendors }: Places, asked: AskedFor): string | undefined {
  const { id, vendor, account, sandbox } = asked;
  if (UNSET.test(id))
    return `The id is the text "${id}", so the client did not read the id in the answer to its create.`;
  const own = findIn(sandbox, vendor, id);
  const keyOf = (name: string, owner: string): string => `${vendors.get(vendor)?.keyPrefix ?? ""}fx_${name}_${owner}`;
  if (own !== undefined)
    return own.account === account
      ? undefined
      : `Account ${own.account} of this sandbox created it ${ageOf(sandbox, own)}, and the key is ${account}'s; send ${keyOf(sandbox.name, own.account)}.`;
  for (const other of vendors.keys()) {
    const found = other === vendor ? undefined : findIn(sandbox, other, id);
    if (found !== undefined) return `It is a generation of ${other}, and this route is ${vendor}'s.`;
  }
  const others = sandboxes
    .all()
    .filter((other) => other !== sandbox)
    .sort((a, b) => b.usage.lastAt - a.usage.lastAt)
    .slice(0, MOST_SANDBOXES);
  for (const other of others) {
    const found = findIn(other, vendor, id);
    if (found !== undefined)
      return `Sandbox "${other.name}" has it, created ${ageOf(other, found)} by ${found.account}, and the key is of sandbox "${sandbox.name}"; send ${keyOf(other.name, found.account)}.`;
  }
  return undefined;
}

/** Matches what templates write for a variable that has no value. */
const UNSET = /^(?:undefined|null|None|nil|NaN|\[object Object\])$/;

function ageOf({ clock }: Sandbox, { createdAt }: Generation): string {
  return ageInWords(clock.now() - createdAt);
}

/** Finds a generation by its id; a damaged row of another sandbox must not change this request's answer. */
function findIn({ generations }: Sandbox, vendor: string, id: string): Generation | undefined {
  try {
    return generations.find(vendor, id);
  } catch (error) {
    if (error instanceof UnreadableRow) return undefined;
    throw error;
  }
}
