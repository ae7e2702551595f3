/** Characters: faces of the account's, made from an asset, by which images show the same person. */
import { z } from "zod";
import type { ResourceRow } from "../../../store/resources.ts";
import type { Owner } from "../../../http/request/submitter.ts";
import { invalidCharacter, notFound } from "../errors.ts";
import { nextId } from "../ids.ts";

export const characterTypes = ["realistic", "stylized"] as const;

/** How a character is stored. */
const characterDocument = z.strictObject({
  character_type: z.enum(characterTypes),
  name: z.string(),
  prompt: z.string(),
  /** Names the file of the asset that it was made from among the uploads. */
  token: z.string(),
});

type CharacterDocument = z.output<typeof characterDocument>;

export interface Character extends CharacterDocument {
  readonly id: string;
}

const KIND = "character";

/** Throws `Invalid character` for a name that another of the account's characters has [doc: names are unique]. */
export function createCharacter(owner: Owner, document: CharacterDocument): Character {
  const { sandbox, account, now } = owner;
  return sandbox.write(() => {
    if (listCharacters(owner).some(({ name }) => name === document.name))
      throw invalidCharacter(`A character named ${document.name} exists already`);
    const id = nextId(account, "chr");
    sandbox.store.resources.insert({
      sandbox_id: sandbox.rowId,
      account_id: account.id,
      vendor: "affogato",
      kind: KIND,
      public_id: id,
      created_at: now,
      document: JSON.stringify(document),
    });
    return { ...document, id };
  });
}

/** Changes everything but the name, which the body of an edit does not have [doc]. Throws 404. */
export function editCharacter(owner: Owner, id: string, change: Omit<CharacterDocument, "name">): Character {
  const { sandbox } = owner;
  return sandbox.write(() => {
    const row = findRow(owner, id);
    if (row === undefined) throw notFound("Character");
    const { name } = characterOf(row);
    sandbox.store.resources.update(row.id, JSON.stringify({ ...change, name }));
    return { ...change, name, id };
  });
}

export function findOwnCharacter(owner: Owner, id: string): Character | undefined {
  const row = findRow(owner, id);
  return row === undefined ? undefined : characterOf(row);
}

/** The account's characters, newest first [inferred]. */
export function listCharacters({ sandbox, account }: Owner): Character[] {
  return sandbox.store.resources.ofAccount(account.id, "affogato", KIND).map(characterOf).reverse();
}

function findRow({ sandbox, account }: Owner, id: string): ResourceRow | undefined {
  const row = sandbox.store.resources.find(sandbox.rowId, "affogato", KIND, id);
  return row?.account_id === account.id ? row : undefined;
}

function characterOf(row: ResourceRow): Character {
  return { ...characterDocument.parse(JSON.parse(row.document)), id: row.public_id };
}
