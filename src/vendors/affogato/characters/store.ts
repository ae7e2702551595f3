/** Stores characters: faces made from an asset, with which several images show the same person. */
import { z } from "zod";
import { documentKind, type Owner, type StoredDocument } from "../../../engine/sandbox/documents.ts";
import { invalidCharacter, notFound } from "../errors.ts";
import { nextId } from "../ids.ts";

export const characterTypes = ["realistic", "stylized"] as const;

/** The stored form of a character. */
const characterDocument = z.strictObject({
  character_type: z.enum(characterTypes),
  name: z.string(),
  prompt: z.string(),
  /** Token of the uploaded file that the character was made from. */
  token: z.string(),
});

type CharacterDocument = z.output<typeof characterDocument>;

export interface Character extends CharacterDocument {
  readonly id: string;
}

export const characters = documentKind("affogato", "character", characterDocument);

/**
 * Creates a character. Throws `Invalid character` if another character of the account has the name [doc: names are
 * unique].
 */
export function createCharacter(owner: Owner, document: CharacterDocument): Character {
  return owner.sandbox.write(() => {
    if (listCharacters(owner).some(({ name }) => name === document.name))
      throw invalidCharacter(`A character named ${document.name} exists already`);
    return characterOf(characters.insert(owner, nextId(owner.account, "chr"), document));
  });
}

/** Changes every field except the name, which the body of an edit does not contain [doc]. Throws 404. */
export function editCharacter(owner: Owner, id: string, change: Omit<CharacterDocument, "name">): Character {
  const { sandbox } = owner;
  return sandbox.write(() => {
    const found = characters.findOwn(owner, id);
    if (found === undefined) throw notFound("Character");
    return characterOf(characters.replace(sandbox, found, { ...change, name: found.document.name }));
  });
}

export function findOwnCharacter(owner: Owner, id: string): Character | undefined {
  const found = characters.findOwn(owner, id);
  return found === undefined ? undefined : characterOf(found);
}

/** Lists the account's characters, newest first [inferred]. */
export function listCharacters({ sandbox, account }: Owner): Character[] {
  return characters.ofAccount(sandbox, account).map(characterOf).reverse();
}

function characterOf({ id, document }: StoredDocument<CharacterDocument>): Character {
  return { ...document, id };
}
